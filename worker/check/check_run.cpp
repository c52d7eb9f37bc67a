#include "worker/check/check_run.h"

#include <limits>

#include "train/optimizer.h"
#include "worker/check/check_problem.h"

namespace worker {
namespace {

/// A copy on the CPU.
at::Tensor to_double(const at::Tensor& tensor) {
  if (!tensor.defined()) return {};
  return tensor.detach().to(at::kCPU).to(at::kDouble, /*non_blocking=*/false, /*copy=*/true);
}

/// Gradients cleared as training clears them, and NaN until then, so that one that stays shows.
void clear_gradients(const model::BertForSquad& bert, train::AdamW& optimizer) {
  for (const auto& parameter : bert.parameters()) {
    auto& gradient = parameter.tensor.mutable_grad();
    if (!gradient.defined()) gradient = at::empty_like(parameter.tensor);
    gradient.fill_(std::numeric_limits<double>::quiet_NaN());
  }
  optimizer.zero_grad();
}

}  // namespace

std::vector<NamedTensor> run_check_problem(const harness::ModelShape& shape, const CheckRun& run,
                                           model::DropoutSource& dropout) {
  auto config = CheckProblem::config(shape);
  if (!run.dropout) config.attention_dropout = config.hidden_dropout = 0;
  const model::BertForSquad bert(config, run.implementation, run.options);
  CheckProblem::fill_weights(bert, run.weights_rounded_to);
  const auto batch = CheckProblem::batch(run.options.tensors, run.row_layout);
  train::AdamW optimizer(bert.parameters(), model::AdamWOptions{});
  std::vector<NamedTensor> results;
  for (uint64_t step = 0; step < 2; ++step) {
    results.clear();
    clear_gradients(bert, optimizer);
    dropout.begin_step(CheckProblem::kSeed, step);
    const auto logits = bert.forward(batch, dropout, /*training=*/true);
    const auto loss = CheckProblem::loss(logits, batch);
    loss.backward();
    results.push_back({"loss", to_double(loss)});
    results.push_back({"span_logits", to_double(CheckProblem::tokens(logits, batch.layout))});
    for (const auto& weight : bert.weights()) {
      results.push_back({weight.name, to_double(weight.gradient())});
    }
  }
  return results;
}

}  // namespace worker
