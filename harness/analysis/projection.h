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
inline constexpr int64_t kSquadSequenceLength = 384;

/// Seconds that kSquadEpochs epochs take at this rate, without evaluation or loading of data.
/// Throws std::invalid_argument where the rate is not a positive finite number.
double finetuning_seconds(double samples_per_second);

struct Projection {
  std::vector<std::string> axes;
  std::string implementation;
  std::string flags;
  std::string work;        ///< as CellSummary's
  std::string difference;  ///< difference_from_finetuning()
  int64_t micro_batch = 0;
  double samples_per_second = 0;
  double seconds = 0;
};

/// What makes the cell's rate another than that of fine-tuning: "minilm-l6 with layers 2 instead of
/// 6, sequence length 192 instead of 384"; "" where it is the whole published model at
/// kSquadSequenceLength. Of a model that is no preset, its config counts as the whole.
std::string difference_from_finetuning(const Cell& cell);

/// The projection of a passed cell of `group`.
Projection project_finetuning(const CellGroup& group, const CellSummary& cell);

}  // namespace harness
