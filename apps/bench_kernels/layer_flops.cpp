#include "apps/bench_kernels/layer_flops.h"

namespace apps {

int64_t layer_flops(const Setting& setting, std::span<const int64_t> lengths) {
  const int64_t weights =
      4 * setting.hidden * setting.hidden + 2 * setting.hidden * setting.intermediate;
  int64_t flops = 0;
  for (const int64_t length : lengths) {
    flops += length * (6 * weights + 12 * setting.hidden * length);
  }
  return flops;
}

}  // namespace apps
