#pragma once

#include <string>

#include "apps/bench_kernels/case.h"

namespace apps {

/// Runs the fused side of `test` once. Throws std::runtime_error, with `name` in its one line,
/// where an output is not `expected`, LibTorch's result in fp32 on the same inputs, within the
/// tolerance of `dtype`.
void require_agreement(const std::string& name, const Case& test, const Tensors& expected,
                       at::ScalarType dtype);

}  // namespace apps
