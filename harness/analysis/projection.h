#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/analysis/cell_summary.h"

namespace harness {

/// Fine-tuning on SQuAD 1.1 as its users do: 2 epochs of the training set's windows at sequence
/// length 384, stride 128, query length 64.
inline constexpr int64_t kSquadTrainWindows = 88641;
inline constexpr int64_t kSquadEpochs = 2;

/// Seconds that kSquadEpochs epochs take at this rate, without evaluation or loading of data.
/// Throws std::invalid_argument where the rate is not a positive finite number.
double finetuning_seconds(double samples_per_second);

struct Projection {
  std::vector<std::string> axes;
  std::string implementation;
  std::string flags;
  std::string work;  ///< as CellSummary's
  int64_t micro_batch = 0;
  double samples_per_second = 0;
  double seconds = 0;
};

/// The fastest passed cell of every implementation and work in every group, projected.
std::vector<Projection> project_finetuning(const std::vector<CellGroup>& groups);

}  // namespace harness
