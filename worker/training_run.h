#pragma once

#include <cstdint>
#include <memory>

#include "harness/protocol/cell.h"
#include "model/bert_for_squad.h"
#include "model/implementation.h"
#include "model/optimizer.h"
#include "model/window_dataset.h"
#include "train/training_step.h"
#include "worker/cell_data.h"
#include "worker/memory/planning_scope.h"

namespace worker {

/// What may differ between the run that is measured and the one that is planned.
struct RunPlace {
  at::Device device;           ///< cpu, or meta
  PlannedDevice stands_for;    ///< whose way of allocating the model takes
  int64_t accumulation_steps;  ///< micro-batches of a step
};

/// All that a cell trains with, set up: model, data, dropout, optimizer and the step over them.
class TrainingRun {
 public:
  /// Throws harness::ProtocolError where the cell names what the registry does not have, DataError,
  /// and what the model and its data throw. `observer` and `recorder`, which may be null, must
  /// outlive this.
  TrainingRun(const harness::Cell& cell, const model::Registry& registry, const RunPlace& place,
              train::PhaseObserver& observer, const CellData& data = {},
              train::PassRecorder* recorder = nullptr);

  /// Trains on global batch `step`; the loss before the update.
  at::Tensor step(uint64_t step) { return step_->run(step); }

  const model::WindowDataset& data() const { return data_; }

 private:
  model::BertForSquad bert_;
  model::WindowDataset data_;
  std::unique_ptr<model::DropoutSource> dropout_;
  std::unique_ptr<model::Optimizer> optimizer_;
  std::unique_ptr<train::TrainingStep> step_;
};

/// The registry's implementation of a cell. Throws harness::ProtocolError where there is none.
const model::Implementation& implementation_of(const harness::Cell& cell,
                                               const model::Registry& registry);

}  // namespace worker
