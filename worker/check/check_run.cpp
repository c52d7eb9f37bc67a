#include "worker/check/check_run.h"

#include "worker/check/check_problem.h"

namespace worker {
namespace {

at::Tensor to_double(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.detach().to(at::kDouble, /*non_blocking=*/false, /*copy=*/true)
                          : at::Tensor();
}

}  // namespace

std::vector<NamedTensor> run_check_problem(const harness::ModelShape& shape, const CheckRun& run,
                                           model::DropoutSource& dropout) {
  auto config = CheckProblem::config(shape);
  if (!run.dropout) config.attention_dropout = config.hidden_dropout = 0;
  const model::BertForSquad bert(config, run.implementation, run.options);
  CheckProblem::fill_weights(bert, run.weights_rounded_to);
  const auto batch = CheckProblem::batch(c10::typeMetaToScalarType(run.options.tensors.dtype()));
  std::vector<NamedTensor> results;
  for (uint64_t step = 0; step < 2; ++step) {
    results.clear();
    for (const auto& parameter : bert.parameters()) parameter.tensor.mutable_grad().reset();
    dropout.begin_step(CheckProblem::kSeed, step);
    const auto logits = bert.forward(batch, dropout, /*training=*/true);
    const auto loss = CheckProblem::loss(logits, batch);
    loss.backward();
    results.push_back({"loss", to_double(loss)});
    results.push_back({"span_logits", to_double(logits)});
    for (const auto& weight : bert.weights()) {
      results.push_back({weight.name, to_double(weight.gradient())});
    }
  }
  return results;
}

}  // namespace worker
