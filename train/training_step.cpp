#include "train/training_step.h"

#include <stdexcept>
#include <string>

namespace train {

TrainingStep::TrainingStep(const model::BertForSquad& bert, const model::WindowDataset& data,
                           model::DropoutSource& dropout, model::Optimizer& optimizer,
                           PhaseObserver& observer, const EngineOptions& options)
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
}

at::Tensor TrainingStep::accumulate_gradients(uint64_t step) {
  engine_.begin_step(step);
  const model::TargetCounts targets = data_.targets(step);
  at::Tensor total;
  for (int64_t i = 0; i < options_.accumulation_steps; ++i) {
    if (i > 0) engine_.step();
    observer_.enter(Phase::kForward);
    const model::Batch batch = data_.batch(step, i * options_.micro_batch, options_.micro_batch);
    at::Tensor loss = engine_.forward(batch, targets);
    observer_.enter(Phase::kBackward);
    engine_.backward(loss);
    loss = loss.detach();
    total = total.defined() ? total + loss : loss;
  }
  return total;
}

at::Tensor TrainingStep::run(uint64_t step) {
  at::Tensor loss = accumulate_gradients(step);
  observer_.enter(Phase::kOptimizer);
  engine_.step();
  return loss;
}

}  // namespace train
