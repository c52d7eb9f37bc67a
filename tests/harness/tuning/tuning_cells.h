#pragma once

#include <string>
#include <vector>

#include "harness/tuning/trial.h"
#include "tests/harness/analysis/run_builder.h"

namespace harness {

/// make_cell() with the global batch 24, in steps of a rate that tests set by the trial.
inline Cell tuning_cell(const std::string& implementation, int64_t micro_batch,
                        const std::vector<std::string>& flags = {}) {
  Cell cell = make_cell(implementation, micro_batch, flags);
  cell.optimizer = "adamw";
  cell.global_batch = 24;
  cell.measure.rounds = 6;
  return cell;
}

/// Two implementations at four micro-batches, "fused" with and without each of two flags: 24 cells.
inline std::vector<Cell> small_grid() {
  std::vector<Cell> cells;
  for (const int64_t micro_batch : {2, 4, 8, 12}) {
    cells.push_back(tuning_cell("pytorch_eager", micro_batch));
    cells.push_back(tuning_cell("pytorch_eager", micro_batch, {"activation_checkpoint"}));
    cells.push_back(tuning_cell("fused", micro_batch));
    cells.push_back(tuning_cell("fused", micro_batch, {"gelu_checkpoint"}));
    cells.push_back(tuning_cell("fused", micro_batch, {"activation_checkpoint"}));
    cells.push_back(tuning_cell("fused", micro_batch, {"normalize_invertible", "gelu_checkpoint"}));
  }
  return cells;
}

inline Trial passed_trial(std::size_t candidate, int64_t pass, double seconds_per_sequence,
                          TrialStage stage = TrialStage::kNarrowing) {
  return {candidate, stage, pass, Status::kPassed, seconds_per_sequence};
}

inline Trial failed_trial(std::size_t candidate, int64_t pass, Status status,
                          TrialStage stage = TrialStage::kScreening) {
  return {candidate, stage, pass, status, 0};
}

}  // namespace harness
