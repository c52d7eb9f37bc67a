#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "apps/bert_squad/training/settings.h"
#include "apps/bert_squad/training/train_options.h"
#include "model/bert_for_squad.h"
#include "model/dropout_source.h"
#include "model/window_dataset.h"
#include "train/config/engine_config.h"
#include "train/engine.h"
#include "train/engine_checkpoint.h"
#include "train/initialize.h"
#include "train/parallel/bucketed_reduction.h"
#include "train/parallel/communicator.h"

namespace apps {

/// Seconds that the parts of a step took.
struct StepTimes {
  double forward = 0;
  double backward = 0;
  double update = 0;

  double sum() const { return forward + backward + update; }
};

/// What one optimizer step did.
struct StepResult {
  double loss = 0;  ///< of the global batch, before the update
  train::StepOutcome outcome = train::StepOutcome::kUpdated;
  StepTimes times;  ///< of this process
};

/// A model that is being fine-tuned: weights, data, optimizer and the engine over them, in one
/// process or in several that take their shares of every batch.
class FineTuning {
 public:
  /// `config` has its schedule's total steps. `communicator` must outlive this. Throws
  /// std::invalid_argument where `windows` do not fit the model.
  FineTuning(const TrainOptions& options, const train::EngineConfig& config,
             std::unique_ptr<model::BertForSquad> bert, std::vector<model::Window> windows,
             train::Communicator& communicator);

  /// Trains on the global batch of the step at hand.
  StepResult step();

  /// Saves to, or goes on from, the newest checkpoint in `folder`, by train/engine_checkpoint.h,
  /// which says what they throw. `settings` must be those of the training that is gone on with.
  void save(const std::filesystem::path& folder, const Settings& settings);
  void load(const std::filesystem::path& folder, const Settings& settings);

  int64_t steps() const { return static_cast<int64_t>(made_.engine->global_step()); }
  const model::BertForSquad& bert() const { return *bert_; }
  const train::Engine& engine() const { return *made_.engine; }

 private:
  train::CheckpointedRun run(const Settings& settings);
  train::GradientReduction* reduction() { return reduction_ ? &*reduction_ : nullptr; }

  train::EngineConfig config_;
  std::unique_ptr<model::BertForSquad> bert_;
  std::unique_ptr<model::DropoutSource> dropout_;
  std::optional<train::BucketedReduction> reduction_;  ///< none where one process trains alone
  train::Initialized made_;
  model::WindowDataset data_;
  int64_t rank_;
};

}  // namespace apps
