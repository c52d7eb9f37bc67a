#pragma once

#include <cstdint>
#include <span>

#include "apps/bench_kernels/setting.h"

namespace apps {

/// FLOPs of forward and backward of one encoder layer on sequences of `lengths`, as model FLOPs are
/// counted: 6 a token for each weight of the dense products, and 12 * hidden * length a token for
/// attention (two products forward, four backward). What is computed again does not count.
int64_t layer_flops(const Setting& setting, std::span<const int64_t> lengths);

}  // namespace apps
