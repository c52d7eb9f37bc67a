#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "model/bert_for_squad.h"
#include "model/dropout_source.h"
#include "model/optimizer.h"
#include "model/window_dataset.h"
#include "train/engine.h"
#include "train/phase_observer.h"

namespace train {

/// One step of an Engine on a global batch of micro_batch * accumulation_steps sequences: gradients
/// dropped, then per micro-batch forward, loss and backward, then clipping and the update. Runs on
/// meta as on a real device, and reads nothing back from it.
class TrainingStep {
 public:
  /// All arguments must outlive this. Throws std::invalid_argument where the data set's
  /// sequences_per_step is not micro_batch * accumulation_steps.
  TrainingStep(const model::BertForSquad& bert, const model::WindowDataset& data,
               model::DropoutSource& dropout, model::Optimizer& optimizer, PhaseObserver& observer,
               const EngineOptions& options);

  /// Train on global batch `step`; the loss before the update, a 0-dimensional tensor.
  at::Tensor run(uint64_t step);

  /// Forward and backward of all micro-batches of `step`: gradients dropped, then accumulated, not
  /// clipped, no update. Returns the loss.
  at::Tensor accumulate_gradients(uint64_t step);

 private:
  Engine engine_;
  const model::WindowDataset& data_;
  PhaseObserver& observer_;
  EngineOptions options_;
};

}  // namespace train
