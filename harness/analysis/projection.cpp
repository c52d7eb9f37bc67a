#include "harness/analysis/projection.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/spec/presets.h"

namespace harness {

double finetuning_seconds(double samples_per_second) {
  if (!(samples_per_second > 0) || !std::isfinite(samples_per_second)) {
    throw std::invalid_argument("a rate is a positive finite number of samples/second");
  }
  return static_cast<double>(kSquadTrainWindows * kSquadEpochs) / samples_per_second;
}

std::string difference_from_finetuning(const Cell& cell) {
  std::vector<std::string> sizes;
  const auto compare = [&](const char* name, int64_t value, int64_t usual) {
    if (value != usual) sizes.push_back(fmt::format("{} {} instead of {}", name, value, usual));
  };
  const std::vector<std::string> presets = preset_names();
  const ModelShape& model = cell.model;
  if (std::find(presets.begin(), presets.end(), model.preset) != presets.end()) {
    const ModelShape whole = preset_shape(model.preset);
    compare("layers", model.layers, whole.layers);
    compare("hidden", model.hidden, whole.hidden);
    compare("heads", model.heads, whole.heads);
    compare("intermediate", model.intermediate, whole.intermediate);
    if (!sizes.empty()) sizes.front() = model.preset + " with " + sizes.front();
  }
  compare("sequence length", cell.sequence_length, kSquadSequenceLength);
  return fmt::format("{}", fmt::join(sizes, ", "));
}

Projection project_finetuning(const CellGroup& group, const CellSummary& cell) {
  const double rate = cell.samples_per_second.value();
  return {group.axes,
          cell.cell.implementation,
          cell.cell.flags_text(),
          cell.work,
          difference_from_finetuning(cell.cell),
          cell.cell.micro_batch,
          rate,
          finetuning_seconds(rate)};
}

}  // namespace harness
