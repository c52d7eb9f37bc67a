#pragma once

#include <cstdint>
#include <span>

#include "apps/bench_kernels/setting.h"

namespace apps {

/// FLOPs of forward and backward of one encoder layer, as model FLOPs are counted, of sequences
/// with `rows` rows each, padding among them where it is computed, of which every one attends to
/// `keys`: 6 a row for each weight of the dense products, and 12 * hidden * keys a row for
/// attention (two products forward, four backward). What is computed again does not count. Throws
/// std::invalid_argument where the two are not as long.
int64_t layer_flops(const Setting& setting, std::span<const int64_t> rows,
                    std::span<const int64_t> keys);

}  // namespace apps
