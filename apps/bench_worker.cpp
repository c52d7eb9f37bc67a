#include "apps/registry.h"
#include "kernels/core/gemm_tile/level.h"
#include "kernels/core/machine_peak.h"
#include "kernels/core/simd_level.h"
#include "worker/worker_main.h"

namespace {

harness::MachinePeaks measure_peaks(int64_t threads) {
  const auto peak = kernels::measure_machine_peak(static_cast<int>(threads));
  return {peak.fp32_flops_per_second, peak.bf16_flops_per_second, peak.copy_bytes_per_second};
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
