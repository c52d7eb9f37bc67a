#include <optional>
#include <string>

#if defined(BENCH_CUDA)
#include <c10/cuda/CUDAStream.h>
#endif

#include "apps/registry.h"
#include "kernels/core/device_peak.h"
#include "kernels/core/gemm_tile/level.h"
#include "kernels/core/machine_peak.h"
#include "kernels/core/simd_level.h"
#include "worker/worker_main.h"

namespace {

harness::MachinePeaks measure_peaks([[maybe_unused]] const std::string& device_kind,
                                    int64_t threads) {
#if defined(BENCH_CUDA)
  if (device_kind == "cuda") {
    const auto peak = kernels::measure_device_peak(c10::cuda::getCurrentCUDAStream().stream());
    return {.fp32_flops_per_second = peak.fp32_flops_per_second,
            .bf16_flops_per_second = peak.bf16_flops_per_second,
            .fp16_flops_per_second = peak.fp16_flops_per_second,
            .copy_bytes_per_second = peak.copy_bytes_per_second};
  }
#endif
  const auto peak = kernels::measure_machine_peak(static_cast<int>(threads));
  return {.fp32_flops_per_second = peak.fp32_flops_per_second,
          .bf16_flops_per_second = peak.bf16_flops_per_second,
          .fp16_flops_per_second = std::nullopt,
          .copy_bytes_per_second = peak.copy_bytes_per_second};
}

}  // namespace

int main(int argc, char** argv) {
  return worker::worker_main(
      argc, argv,
      {.registry = apps::registry(),
       .reference = "pytorch_eager",
       .environment = {{"kernel_simd", kernels::active_simd_level().name},
                       {"kernel_products", kernels::name_of(kernels::gemm_level())}},
       .measure_peaks = &measure_peaks});
}
