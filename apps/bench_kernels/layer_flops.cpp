#include "apps/bench_kernels/layer_flops.h"

#include <stdexcept>

namespace apps {

int64_t layer_flops(const Setting& setting, std::span<const int64_t> rows,
                    std::span<const int64_t> keys) {
  if (rows.size() != keys.size()) {
    throw std::invalid_argument("layer_flops: not as many sequences of keys as of rows");
  }
  const int64_t weights =
      4 * setting.hidden * setting.hidden + 2 * setting.hidden * setting.intermediate;
  int64_t flops = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    flops += rows[i] * (6 * weights + 12 * setting.hidden * keys[i]);
  }
  return flops;
}

}  // namespace apps
