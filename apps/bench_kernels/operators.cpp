#include "apps/bench_kernels/operators.h"

namespace apps {

std::vector<Operator> all_operators() {
  std::vector<Operator> all;
  for (const auto family : {gemm_operators, head_layout_operators, attention_operators,
                            flash_attention_operators, feed_forward_operators, residual_operators,
                            layer_norm_operators, dropout_operators, optimizer_operators}) {
    for (Operator& op : family()) all.push_back(std::move(op));
  }
  return all;
}

}  // namespace apps
