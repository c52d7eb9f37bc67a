#include "harness/tuning/tuning_spec.h"

#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

namespace harness {
namespace {

[[noreturn]] void fail(const SweepSpec& spec, const std::string& path, const std::string& what) {
  throw SpecError(fmt::format("{}: {}: {}", spec.file.string(), path, what));
}

void require_one(const SweepSpec& spec, const std::string& axis, std::size_t values) {
  if (values <= 1) return;
  fail(spec, "/axes/" + axis,
       fmt::format("the tuner answers for one value of '{}', the sweep has {}; keep one, or tune "
                   "each in a file of its own",
                   axis, values));
}

/// The models of a sweep are the product of its model axes.
void require_one_model(const SweepSpec& spec) {
  std::map<std::string, std::set<std::string>> values;
  for (const ModelVariant& model : spec.models) {
    for (const auto& [axis, value] : model.axes) values[axis].insert(value);
  }
  for (const auto& [axis, texts] : values) require_one(spec, axis, texts.size());
}

}  // namespace

SweepSpec tuning_spec(SweepSpec spec) {
  require_one_model(spec);
  require_one(spec, "sequence_length", spec.sequence_lengths.size());
  require_one(spec, "precision", spec.precisions.size());
  if (!spec.global_batch) {
    fail(spec, "/global_batch",
         "the tuner compares micro-batches of one global batch, and the sweep names none; add the "
         "sequences of one optimizer step");
  }
  std::erase_if(spec.micro_batches, [&](int64_t size) { return *spec.global_batch % size != 0; });
  if (spec.micro_batches.empty()) {
    fail(spec, "/axes/micro_batch",
         fmt::format("no micro-batch divides the global batch of {}; give some that do, as "
                     "{{\"from\": 1, \"to\": {}}}",
                     *spec.global_batch, *spec.global_batch));
  }
  if (spec.micro_batches.size() == 1) std::erase(spec.varying_axes, "micro_batch");
  if (spec.flags.kind == FlagAxis::Kind::kCheapest) spec.flags.kind = FlagAxis::Kind::kAll;
  return spec;
}

}  // namespace harness
