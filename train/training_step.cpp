#include "train/training_step.h"

#include <stdexcept>
#include <string>

#include "model/meta_device.h"
#include "model/span_loss.h"

namespace train {

TrainingStep::TrainingStep(const model::BertForSquad& bert, const model::WindowDataset& data,
                           model::DropoutSource& dropout, model::Optimizer& optimizer,
                           PhaseObserver& observer, const EngineOptions& options,
                           PassRecorder* recorder)
    : engine_(bert, dropout, optimizer, options),
      data_(data),
      observer_(observer),
      options_(options) {
  const int64_t sequences = options.micro_batch * options.accumulation_steps;
  if (sequences < 1 || data.options().sequences_per_step != sequences) {
    throw std::invalid_argument("a step of " + std::to_string(options.micro_batch) + " x " +
                                std::to_string(options.accumulation_steps) +
                                " sequences on a data set that gives " +
                                std::to_string(data.options().sequences_per_step));
  }
  if (recorder == nullptr) return;
  if (data.options().row_layout == model::RowLayout::kPacked) {
    throw std::invalid_argument("packed steps differ in their sizes and cannot be recorded");
  }
  dropout.keep_step_on(data.options().activations.device());
  recorded_.emplace(bert, *recorder);
}

model::TargetCounts TrainingStep::targets(uint64_t step) const {
  model::TargetCounts targets = data_.targets(step);
  const at::Device device = data_.options().activations.device();
  if (recorded_ || model::is_for_cuda(device)) {
    targets.divisors = model::loss_divisors(targets, device);
  }
  return targets;
}

model::Batch TrainingStep::batch(uint64_t step, int64_t micro_step) const {
  return data_.batch(step, micro_step * options_.micro_batch, options_.micro_batch);
}

StepInputs TrainingStep::inputs(uint64_t step) const {
  StepInputs inputs = {{}, targets(step)};
  for (int64_t i = 0; i < options_.accumulation_steps; ++i) {
    inputs.batches.push_back(batch(step, i));
  }
  return inputs;
}

at::Tensor TrainingStep::run_passes(const model::TargetCounts& targets, const BatchOf& batch_of) {
  at::Tensor total;
  for (int64_t i = 0; i < options_.accumulation_steps; ++i) {
    if (i > 0) engine_.step();
    observer_.enter(Phase::kForward);
    const model::Batch batch = batch_of(i);
    at::Tensor loss = engine_.forward(batch, targets);
    observer_.enter(Phase::kBackward);
    engine_.backward(loss);
    loss = loss.detach();
    total = total.defined() ? total + loss : loss;
  }
  return total;
}

at::Tensor TrainingStep::accumulate_gradients(uint64_t step) {
  engine_.begin_step(step);
  if (!recorded_) {
    return run_passes(targets(step), [&](int64_t i) { return batch(step, i); });
  }
  observer_.enter(Phase::kForward);
  const auto passes = [this](const StepInputs& inputs) {
    return run_passes(inputs.targets,
                      [&](int64_t i) { return inputs.batches[static_cast<size_t>(i)]; });
  };
  at::Tensor loss = recorded_->run(inputs(step), passes);
  engine_.adopt_gradients();
  return loss;
}

at::Tensor TrainingStep::run(uint64_t step) {
  at::Tensor loss = accumulate_gradients(step);
  observer_.enter(Phase::kOptimizer);
  engine_.step();
  return loss;
}

}  // namespace train
