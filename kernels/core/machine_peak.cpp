#include "kernels/core/machine_peak.h"

#include <cstdint>

#include "kernels/core/memory_copy.h"
#include "kernels/core/peak_loop.h"

namespace kernels {
namespace {

/// Read and written.
constexpr int64_t kCopyBytes = int64_t{256} << 20;

}  // namespace

MachinePeak measure_machine_peak(int threads) {
  MachinePeak peak;
  peak.fp32_flops_per_second = PeakLoop::fp32().flops_per_second(threads);
  if (const auto loop = PeakLoop::bf16()) {
    peak.bf16_flops_per_second = loop->flops_per_second(threads);
  }
  peak.copy_bytes_per_second = MemoryCopy(kCopyBytes, threads).bytes_per_second();
  return peak;
}

}  // namespace kernels
