#pragma once

#include <vector>

#include "apps/bench_kernels/case.h"

namespace apps {

/// One function a family, defined in the file of its name.
std::vector<Operator> attention_operators();
std::vector<Operator> dropout_operators();
std::vector<Operator> feed_forward_operators();
std::vector<Operator> flash_attention_operators();
std::vector<Operator> gemm_operators();
std::vector<Operator> head_layout_operators();
std::vector<Operator> layer_norm_operators();
std::vector<Operator> optimizer_operators();
std::vector<Operator> residual_operators();

}  // namespace apps
