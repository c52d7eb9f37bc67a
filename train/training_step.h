#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <ATen/core/Tensor.h>

#include "model/bert_for_squad.h"
#include "model/dropout_source.h"
#include "model/optimizer.h"
#include "model/window_dataset.h"
#include "train/engine.h"
#include "train/pass_recorder.h"
#include "train/phase_observer.h"
#include "train/recorded_passes.h"

namespace train {

/// One step of an Engine on a global batch of micro_batch * accumulation_steps sequences: gradients
/// dropped, then per micro-batch forward, loss and backward, then clipping and the update. Runs on
/// meta as on a real device, and reads nothing back from it.
///
/// With a PassRecorder forward and backward of all micro-batches may be recorded and played. The
/// update is queued behind them as ever: it takes the learning rate and the number of the step from
/// the host.
class TrainingStep {
 public:
  /// All arguments must outlive this; `recorder` may be null. Throws std::invalid_argument where
  /// the data set's sequences_per_step is not micro_batch * accumulation_steps, or where it is
  /// packed, which no recorder can play: every step has other sizes.
  TrainingStep(const model::BertForSquad& bert, const model::WindowDataset& data,
               model::DropoutSource& dropout, model::Optimizer& optimizer, PhaseObserver& observer,
               const EngineOptions& options, PassRecorder* recorder = nullptr);

  /// Train on global batch `step`; the loss before the update, a 0-dimensional tensor.
  at::Tensor run(uint64_t step);

  /// Forward and backward of all micro-batches of `step`: gradients dropped, then accumulated, not
  /// clipped, no update. Returns the loss.
  at::Tensor accumulate_gradients(uint64_t step);

 private:
  using BatchOf = std::function<model::Batch(int64_t micro_step)>;

  model::TargetCounts targets(uint64_t step) const;
  model::Batch batch(uint64_t step, int64_t micro_step) const;
  StepInputs inputs(uint64_t step) const;
  /// Forward and backward of every micro-batch.
  at::Tensor run_passes(const model::TargetCounts& targets, const BatchOf& batch_of);

  Engine engine_;
  const model::WindowDataset& data_;
  PhaseObserver& observer_;
  EngineOptions options_;
  std::optional<RecordedPasses> recorded_;
};

}  // namespace train
