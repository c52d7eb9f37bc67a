#include "harness/spec/axes_spec.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/protocol/model_axis.h"
#include "harness/spec/flag_axis.h"
#include "harness/spec/flag_sets.h"
#include "harness/spec/implementation_axis.h"
#include "harness/spec/limits.h"

namespace harness {
namespace {

/// Of a range on any axis; each axis has its own bound below it.
constexpr int64_t kMaxRangeEnd = std::max(kMaxMicroBatch, kMaxSequenceLength);

const std::vector<std::string> kOwnAxes = {"implementation", "micro_batch", "sequence_length",
                                           "precision",      "optimizer",   "flags"};

/// {"from": 1, "to": 64, "step": 1}: from the first by steps as far as the last; the step is 1
/// where none is given.
std::vector<int64_t> read_range(const SpecNode& range, int64_t high) {
  range.only_keys({"from", "to", "step"});
  const int64_t from = range.at("from").integer(1, high);
  const int64_t to = range.at("to").integer(from, high);
  const auto step_node = range.find("step");
  const int64_t step = step_node ? step_node->integer(1, high) : 1;
  std::vector<int64_t> values;
  for (int64_t value = from; value <= to; value += step) values.push_back(value);
  return values;
}

/// A list of distinct integers from 1 to `high`, or a range of them.
std::vector<int64_t> read_integers(const SpecNode& axis, int64_t high) {
  if (axis.json().is_object()) return read_range(axis, high);
  const std::vector<SpecNode> elements = axis.elements();
  std::vector<int64_t> values;
  std::vector<std::string> texts;
  for (const SpecNode& element : elements) {
    values.push_back(element.integer(1, high));
    texts.push_back(std::to_string(values.back()));
  }
  require_distinct(elements, texts);
  return values;
}

std::vector<std::string> read_names(const SpecNode& axis, const std::vector<std::string>& known,
                                    std::string_view what) {
  const std::vector<SpecNode> elements = axis.elements();
  std::vector<std::string> names;
  for (const SpecNode& element : elements) {
    names.push_back(element.name_among(known, what));
  }
  require_distinct(elements, names);
  return names;
}

void check_sequence_lengths(const SpecNode& axes, const SweepSpec& spec) {
  const auto axis = axes.find("sequence_length");
  for (std::size_t i = 0; i < spec.sequence_lengths.size(); ++i) {
    for (const ModelVariant& model : spec.models) {
      const int64_t length = spec.sequence_lengths[i];
      if (length <= model.shape.max_positions) {
        continue;
      }
      const std::string problem =
          fmt::format("sequence length {} is more than the {} positions of the model", length,
                      model.shape.max_positions);
      const std::string remedy = "use shorter sequences, or set max_positions of 'model'";
      if (axis && axis->json().is_array()) axis->elements()[i].fail(problem, remedy);
      if (axis) axis->fail(problem, remedy);
      axes.fail_at("sequence_length", problem + " (the default)", remedy);
    }
  }
}

std::size_t count_values(const SpecNode& axis) {
  return axis.json().is_object() ? read_range(axis, kMaxRangeEnd).size() : axis.json().size();
}

std::vector<std::string> find_varying_axes(const SpecNode& axes) {
  std::vector<std::string> names;
  for (const std::string& name : axes.keys()) {
    if (name != "implementation" && name != "flags" && count_values(axes.at(name)) > 1) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace

void read_axes(const SpecNode& root, const Catalog& catalog, SweepSpec& spec) {
  const SpecNode axes = root.at("axes");
  std::vector<std::string> known = kOwnAxes;
  known.insert(known.end(), kModelAxes.begin(), kModelAxes.end());
  axes.only_keys(known);
  read_implementation_axis(axes.at("implementation"), catalog, spec);
  spec.micro_batches = read_integers(axes.at("micro_batch"), kMaxMicroBatch);
  if (const auto axis = axes.find("sequence_length")) {
    spec.sequence_lengths = read_integers(*axis, kMaxSequenceLength);
  }
  if (const auto axis = axes.find("precision")) {
    spec.precisions = read_names(*axis, {"fp32", "bf16", "fp16"}, "precision");
  }
  if (const auto axis = axes.find("optimizer")) {
    spec.optimizers = read_names(*axis, catalog.optimizers, "optimizer");
  }
  if (const auto axis = axes.find("flags")) {
    spec.flags = read_flag_axis(*axis, catalog, spec.implementations);
  }
  check_sequence_lengths(axes, spec);
  spec.varying_axes = find_varying_axes(axes);
}

int64_t count_candidates(const SweepSpec& spec, const Catalog& catalog) {
  std::size_t flag_choices = 0;
  for (const std::string& name : spec.implementations) {
    flag_choices += flag_sets(catalog, catalog.implementation(name), spec.flags).size();
  }
  // Capped at each factor: the product of the axes of a hostile file does not fit 64 bits.
  int64_t count = 1;
  for (const std::size_t factor :
       {flag_choices, spec.models.size(), spec.micro_batches.size(), spec.sequence_lengths.size(),
        spec.precisions.size(), spec.optimizers.size()}) {
    count *= static_cast<int64_t>(factor);
    if (count > kMaxCells) {
      return count;
    }
  }
  return count;
}

}  // namespace harness
