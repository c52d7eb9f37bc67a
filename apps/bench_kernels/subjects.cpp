#include "apps/bench_kernels/layers.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/subject.h"

namespace apps {
namespace {

/// The fused side is compared without dropout, where both are the same function, with LibTorch's in
/// fp32 on the same inputs. (LibTorch in bf16 is no reference: it sums LayerNorm's weight gradients
/// in bf16.)
void check_operator(const std::string& case_name, const Operator& op, Setting setting) {
  setting.dropout = 0;
  const Case fused = op.make(setting);
  fused.fused();
  const ErrorBound bound = op.agreement.of(setting.dtype, setting.device);
  setting.dtype = at::kFloat;
  const Case exact = op.make(setting);
  require_agreement(case_name, fused.fused_outputs,
                    exact.reference ? exact.reference() : exact.torch(), bound);
}

Works operator_works(const std::string& case_name, const Operator& op, const Setting& setting) {
  check_operator(case_name, op, setting);
  const Case timed = op.make(setting);
  return {{"fused", {timed.fused, timed.work}},
          {"torch", {[torch = timed.torch] { torch(); }, timed.work}}};
}

}  // namespace

std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const auto& family : {gemm_operators, head_layout_operators, attention_operators,
                             flash_attention_operators, feed_forward_operators, residual_operators,
                             layer_norm_operators, dropout_operators, optimizer_operators}) {
    for (const Operator& op : family()) {
      all.push_back({op.name,
                     {"fused", "torch"},
                     op.unit,
                     [op](const std::string& case_name, const Setting& setting) {
                       return operator_works(case_name, op, setting);
                     },
                     op.cpu_only});
    }
  }
  for (const Subject& layer : layer_subjects()) all.push_back(layer);
  return all;
}

}  // namespace apps
