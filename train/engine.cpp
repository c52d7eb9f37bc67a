#include "train/engine.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "model/span_loss.h"

namespace train {

Engine::Engine(const model::BertForSquad& bert, model::DropoutSource& dropout,
               model::Optimizer& optimizer, const EngineOptions& options,
               GradientReduction* reduction)
    : bert_(bert),
      dropout_(dropout),
      optimizer_(optimizer),
      options_(options),
      reduction_(reduction) {
  if (options.micro_batch < 1 || options.accumulation_steps < 1) {
    throw std::invalid_argument("a step of " + std::to_string(options.accumulation_steps) +
                                " micro-batches of " + std::to_string(options.micro_batch) +
                                " sequences: both must be at least 1");
  }
  if (options.schedule) schedule_.emplace(*options.schedule);
  if (options.loss_scale) loss_scale_.emplace(*options.loss_scale);
}

void Engine::expect(Next call) const {
  if (next_ == call) return;
  constexpr const char* kNames[] = {"forward", "backward", "step"};
  throw std::logic_error(std::string("Engine::") + kNames[static_cast<int>(call)] +
                         " was called where " + kNames[static_cast<int>(next_)] +
                         " must come next: a micro-batch is forward, backward, step");
}

void Engine::expect_between_steps(const char* call) const {
  if (micro_step_ == 0 && next_ == Next::kForward) return;
  throw std::logic_error(std::string("Engine::") + call + " was called within a step");
}

void Engine::begin_step(uint64_t step) {
  optimizer_.zero_grad();
  dropout_.begin_step(options_.dropout_seed, step);
  state_.global_step = step;
  micro_step_ = 0;
  begun_ = true;
  next_ = Next::kForward;
}

at::Tensor Engine::forward(const model::Batch& batch, const model::TargetCounts& targets) {
  expect(Next::kForward);
  if (batch.layout.batch > options_.micro_batch) {
    throw std::invalid_argument(
        "a batch of " + std::to_string(batch.layout.batch) +
        " sequences is larger than the micro-batch of " + std::to_string(options_.micro_batch) +
        " that the engine was set up for: make it smaller, or train with a larger micro-batch");
  }
  if (!begun_) begin_step(state_.global_step);
  at::Tensor loss =
      model::span_loss(bert_.forward(batch, dropout_, /*training=*/true), batch, targets);
  next_ = Next::kBackward;
  return loss;
}

bool Engine::is_gradient_accumulation_boundary() const {
  return micro_step_ == options_.accumulation_steps - 1;
}

void Engine::backward(const at::Tensor& loss) {
  expect(Next::kBackward);
  if (reduction_ != nullptr && is_gradient_accumulation_boundary()) {
    reduction_->begin_last_backward();
  }
  (loss_scale_ ? loss * loss_scale_->scale() : loss).backward();
  next_ = Next::kStep;
}

void Engine::adopt_gradients() {
  micro_step_ = options_.accumulation_steps - 1;
  next_ = Next::kStep;
}

bool Engine::unscale_gradients() {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  for (const model::Parameter& parameter : bert_.parameters()) {
    if (parameter.tensor.grad().defined()) gradients.push_back(parameter.tensor.grad());
  }
  bool overflowed = false;
  if (!gradients.empty()) {
    const at::TensorOptions scalar = gradients.front().options().dtype(at::kFloat);
    at::Tensor found = at::zeros({1}, scalar);
    at::_amp_foreach_non_finite_check_and_unscale_(gradients, found,
                                                   at::full({1}, 1 / loss_scale(), scalar));
    overflowed = found.item<float>() != 0;
  }
  return !(reduction_ == nullptr ? overflowed : reduction_->any(overflowed));
}

StepOutcome Engine::step() {
  expect(Next::kStep);
  next_ = Next::kForward;
  if (!is_gradient_accumulation_boundary()) {
    ++micro_step_;
    return StepOutcome::kAccumulated;
  }
  if (reduction_ != nullptr) reduction_->finish();
  micro_step_ = 0;
  begun_ = false;
  ++state_.global_step;
  const bool finite = !loss_scale_ || unscale_gradients();
  if (loss_scale_) loss_scale_->update(!finite);
  if (!finite) return StepOutcome::kOverflowed;
  if (schedule_) optimizer_.set_learning_rate(schedule_->at(static_cast<int64_t>(state_.updates)));
  optimizer_.step(options_.max_gradient_norm);
  ++state_.updates;
  return StepOutcome::kUpdated;
}

EngineState Engine::state() const {
  expect_between_steps("state");
  EngineState state = state_;
  if (loss_scale_) state.loss_scale = loss_scale_->state();
  return state;
}

void Engine::restore(const EngineState& state) {
  expect_between_steps("restore");
  if (state.loss_scale.has_value() != loss_scale_.has_value()) {
    throw std::invalid_argument(loss_scale_
                                    ? "training with a loss scale cannot go on from a state without"
                                    : "training without a loss scale cannot go on from a state "
                                      "with one");
  }
  if (loss_scale_) loss_scale_->restore(*state.loss_scale);
  state_ = {.global_step = state.global_step, .updates = state.updates};
  begun_ = false;
}

}  // namespace train
