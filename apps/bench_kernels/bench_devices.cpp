#include "apps/bench_kernels/bench_devices.h"

#include "apps/bench_kernels/cpu_bench_device.h"
#if defined(BENCH_CUDA)
#include "apps/bench_kernels/cuda_bench_device.h"
#endif

namespace apps {

std::unique_ptr<BenchDevice> make_bench_device([[maybe_unused]] const std::string& kind,
                                               [[maybe_unused]] bool hot) {
#if defined(BENCH_CUDA)
  if (kind == "cuda") return std::make_unique<CudaBenchDevice>(hot ? Cache::kHot : Cache::kFlushed);
#endif
  return std::make_unique<CpuBenchDevice>();
}

}  // namespace apps
