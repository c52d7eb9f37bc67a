#include "checkpoint/names/weight_match.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/printable.h"

namespace checkpoint::names {
namespace {

constexpr std::string_view kHead = "qa_outputs.";
constexpr std::string_view kEncoder = "bert.encoder.";

[[noreturn]] void fail(const BertFile& file, const std::string& what) {
  throw CheckpointError(fmt::format("{}: {}", file.file(), what));
}

std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kShown = 8;
  const size_t shown = std::min(names.size(), kShown);
  std::string text;
  for (size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + printable(names[i]);
  return names.size() > shown ? fmt::format("{} and {} more", text, names.size() - shown) : text;
}

void check_placement(const BertFile& file, bool pre_layer_norm) {
  if (pre_layer_norm && !file.is_pre_layer_norm()) {
    fail(file,
         "it has no FinalLayerNorm, so its layers are Post-LN, as all TensorFlow and "
         "HuggingFace checkpoints are; load it without --preln");
  }
  if (!pre_layer_norm && file.is_pre_layer_norm()) {
    fail(file, "it has a FinalLayerNorm, so its layers are Pre-LN; load it with --preln");
  }
}

}  // namespace

WeightMatch match_weights(const BertFile& file, std::span<const ExpectedWeight> expected,
                          bool pre_layer_norm) {
  check_placement(file, pre_layer_norm);
  const bool is_tensorflow = file.format() == "TensorFlow bundle";
  WeightMatch match;
  std::vector<std::string> missing;
  std::set<size_t> used;
  for (const ExpectedWeight& weight : expected) {
    const auto place = file.find(weight.name);
    match.places.push_back(place.value_or(WeightMatch::kMissing));
    if (!place) {
      const Scheme scheme = is_tensorflow ? Scheme::kTensorFlow : Scheme::kHuggingFace;
      const std::string own = name_in(scheme, weight.name, pre_layer_norm);
      const bool is_head = weight.name.starts_with(kHead);
      (is_head ? match.head : missing).push_back(own.empty() ? weight.name : own);
      continue;
    }
    used.insert(*place);
    const std::vector<int64_t>& shape = file.tensors()[*place].shape;
    if (shape != weight.shape) {
      fail(file, fmt::format("{} is [{}], but the configuration makes it [{}]", weight.name,
                             fmt::join(shape, ", "), fmt::join(weight.shape, ", ")));
    }
  }
  if (!missing.empty()) {
    fail(file,
         fmt::format("{} weights of the model are missing: {}", missing.size(), listed(missing)));
  }
  std::vector<std::string> too_many;
  for (size_t i = 0; i < file.tensors().size(); ++i) {
    if (used.contains(i)) continue;
    const std::string& name = file.tensors()[i].name;
    (name.starts_with(kEncoder) ? too_many : match.passed_by).push_back(name);
  }
  if (!too_many.empty()) {
    fail(file, fmt::format("{} weights have no place in the model, which has fewer layers by its "
                           "configuration: {}",
                           too_many.size(), listed(too_many)));
  }
  match.passed_by.insert(match.passed_by.end(), file.unknown().begin(), file.unknown().end());
  return match;
}

}  // namespace checkpoint::names
