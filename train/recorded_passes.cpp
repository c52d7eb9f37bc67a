#include "train/recorded_passes.h"

#include <stdexcept>

namespace train {
namespace {

/// Every tensor that a batch's passes read.
std::vector<at::Tensor> tensors_of(const model::Batch& batch) {
  return {batch.input_ids,     batch.token_type_ids,       batch.start_positions,
          batch.end_positions, batch.layout.additive_mask, batch.layout.device_rows};
}

void copy_values(const at::Tensor& to, const at::Tensor& from) {
  if (!to.defined() && !from.defined()) return;
  if (to.defined() != from.defined() || to.sizes() != from.sizes()) {
    throw std::invalid_argument(
        "recorded passes were given a step of other sizes than the one that was recorded");
  }
  to.copy_(from);
}

}  // namespace

void RecordedPasses::take(const StepInputs& inputs) {
  if (inputs_.batches.empty()) {
    inputs_ = inputs;
    return;
  }
  if (inputs.batches.size() != inputs_.batches.size()) {
    throw std::invalid_argument("recorded passes were given a step of " +
                                std::to_string(inputs.batches.size()) + " micro-batches, not " +
                                std::to_string(inputs_.batches.size()));
  }
  for (size_t i = 0; i < inputs.batches.size(); ++i) {
    const auto to = tensors_of(inputs_.batches[i]);
    const auto from = tensors_of(inputs.batches[i]);
    for (size_t t = 0; t < to.size(); ++t) copy_values(to[t], from[t]);
  }
  copy_values(inputs_.targets.divisors, inputs.targets.divisors);
}

void RecordedPasses::keep_gradients() {
  for (const model::Parameter& parameter : bert_.parameters()) {
    gradients_.push_back(parameter.tensor.grad());
  }
}

void RecordedPasses::give_gradients() const {
  auto gradient = gradients_.begin();
  for (const model::Parameter& parameter : bert_.parameters()) {
    parameter.tensor.mutable_grad() = *gradient++;
  }
}

at::Tensor RecordedPasses::run(const StepInputs& inputs, const Passes& passes) {
  take(inputs);
  const PassRun ran = recorder_.run([this, passes] { loss_ = passes(inputs_); });
  if (ran == PassRun::kRecorded) keep_gradients();
  if (ran == PassRun::kPlayed) give_gradients();
  // Of its own, because the next step writes over what the passes return.
  return loss_.clone();
}

}  // namespace train
