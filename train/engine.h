#pragma once

#include <cstdint>
#include <optional>

#include <ATen/core/Tensor.h>

#include "model/batch.h"
#include "model/bert_for_squad.h"
#include "model/dropout_source.h"
#include "model/optimizer.h"
#include "train/config/engine_config.h"
#include "train/gradient_reduction.h"
#include "train/learning_rate_schedule.h"
#include "train/loss_scale.h"

namespace train {

struct EngineOptions {
  int64_t micro_batch = 1;                        ///< the most sequences of one forward pass
  int64_t accumulation_steps = 1;                 ///< micro-batches of a step
  std::optional<double> max_gradient_norm = 1.0;  ///< of clipping; none: not clipped
  uint64_t dropout_seed = 1;
  std::optional<ScheduleConfig> schedule = {};  ///< none: the optimizer's learning rate throughout
  std::optional<LossScaleConfig> loss_scale = {};  ///< none: gradients are not looked at
};

/// What an Engine knows between two steps, besides weights and optimizer.
struct EngineState {
  uint64_t global_step = 0;  ///< steps so far, skipped ones included
  uint64_t updates = 0;      ///< steps that were not skipped
  std::optional<LossScale::State> loss_scale = {};

  bool operator==(const EngineState&) const = default;
};

/// What a call of Engine::step did.
enum class StepOutcome {
  kAccumulated,  ///< more micro-batches belong to the step
  kUpdated,      ///< the weights
  kOverflowed,   ///< a gradient was not finite: the step was skipped, the loss scale is told
};

/// Trains a model, one micro-batch after the other:
///
///     at::Tensor loss = engine.forward(batch, targets);
///     engine.backward(loss);
///     if (engine.step() == StepOutcome::kUpdated) ...
///
/// A step takes `accumulation_steps` of these rounds; its gradients are those of the global batch,
/// and the weights change in its last round. Calls in another order throw std::logic_error. Runs on
/// meta as on a real device, and without a loss scale reads nothing back from it.
class Engine {
 public:
  /// All arguments must outlive this; `reduction` is null where one process trains alone. Throws
  /// std::invalid_argument for a micro-batch or accumulation steps below 1, and what LossScale and
  /// LearningRateSchedule throw.
  Engine(const model::BertForSquad& bert, model::DropoutSource& dropout,
         model::Optimizer& optimizer, const EngineOptions& options,
         GradientReduction* reduction = nullptr);

  /// The loss of `batch`, as a part of that of the global batch with `targets` (over all
  /// micro-batches and processes): the parts add up. A 0-dimensional tensor. Throws
  /// std::invalid_argument before any layer runs where the batch has more than `micro_batch`
  /// sequences.
  at::Tensor forward(const model::Batch& batch, const model::TargetCounts& targets);

  /// Adds the gradients of what forward() returned, times the loss scale.
  void backward(const at::Tensor& loss);

  /// Whether the round at hand is the last of its step, so that its step() updates the weights.
  bool is_gradient_accumulation_boundary() const;

  /// Ends a round. The last of a step adds up the processes' gradients, divides them by the loss
  /// scale, clips them and updates the weights at the schedule's learning rate; or, where a
  /// gradient of any process is infinite or NaN under a loss scale, skips the step. The gradients
  /// stay until the next step's first forward. Throws what LossScale::update throws.
  StepOutcome step();

  /// Drops what the step at hand has accumulated: the next forward begins step `step` (which keys
  /// dropout) with all earlier gradients freed.
  void begin_step(uint64_t step);

  /// Takes the gradients that the parameters have for those of all rounds of the step at hand, as
  /// if their forward() and backward() had been called: step() comes next, and updates.
  void adopt_gradients();

  /// The number of the step at hand, from 0.
  uint64_t global_step() const { return state_.global_step; }

  /// Of the last update.
  double learning_rate() const { return optimizer_.learning_rate(); }

  /// What the loss at hand is multiplied by; 1 without a loss scale.
  double loss_scale() const { return loss_scale_ ? loss_scale_->scale() : 1; }

  /// What to restore() to go on as if never stopped. Between two steps only: else both throw
  /// std::logic_error. restore() throws std::invalid_argument where only one of state and options
  /// has a loss scale, and what LossScale::restore throws.
  EngineState state() const;
  void restore(const EngineState& state);

 private:
  enum class Next { kForward, kBackward, kStep };

  void expect(Next call) const;
  void expect_between_steps(const char* call) const;
  /// Divides all gradients by the loss scale. Whether they are finite in all processes.
  bool unscale_gradients();

  const model::BertForSquad& bert_;
  model::DropoutSource& dropout_;
  model::Optimizer& optimizer_;
  EngineOptions options_;
  GradientReduction* reduction_;
  std::optional<LearningRateSchedule> schedule_;
  std::optional<LossScale> loss_scale_;
  EngineState state_;       ///< but for the loss scale's
  int64_t micro_step_ = 0;  ///< the step's round at hand, from 0
  bool begun_ = false;      ///< gradients and dropout are those of the step at hand
  Next next_ = Next::kForward;
};

}  // namespace train
