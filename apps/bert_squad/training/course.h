#pragma once

#include <cstdint>
#include <optional>

#include "apps/bert_squad/output_folder.h"
#include "apps/bert_squad/training/fine_tuning.h"
#include "apps/bert_squad/training/loss_curve.h"
#include "apps/bert_squad/training/settings.h"
#include "apps/bert_squad/training/train_options.h"
#include "apps/bert_squad/training/train_progress.h"
#include "train/config/engine_config.h"
#include "train/parallel/communicator.h"

namespace apps {

/// A training on its way to a last step, with what it leaves in its output folder: loss curve and
/// checkpoints as it goes, the model and the report at its end. Of several processes the first
/// writes and tells.
class Course {
 public:
  /// Begins where `tuning` stands. The output folder exists. All arguments must outlive this.
  /// `steps`: of the whole training, whose learning rates these are.
  Course(const TrainOptions& options, const train::EngineConfig& config, const Settings& settings,
         int64_t steps, const train::Communicator& processes, FineTuning& tuning);

  /// Trains up to the last step: all, or as many as --max_steps allows. Throws std::runtime_error
  /// where the loss is no number any more, or weights that are to be saved are not finite: what was
  /// saved before stays the newest.
  void run();

  /// Writes model, picture and report, each whole or not at all, and prints a line about them.
  void finish() const;

 private:
  void keep(const StepResult& result);
  void save();
  void write_model() const;
  void write_report() const;

  const TrainOptions& options_;
  const Settings& settings_;
  FineTuning& tuning_;
  OutputFolder output_;
  int64_t batch_;
  int64_t steps_;
  int64_t first_;
  int64_t last_;
  bool writes_;
  std::optional<LossCurve> curve_;  ///< of the process that writes
  TrainProgress progress_;
};

}  // namespace apps
