#include "apps/bench_kernels/cpu_ceilings.h"

namespace apps {

CpuCeilings::CpuCeilings(int threads)
    : threads_(threads), peak_(kernels::measure_machine_peak(threads)) {}

double CpuCeilings::flops_per_second(at::ScalarType dtype) const {
  return dtype == at::kBFloat16 && peak_.bf16_flops_per_second ? *peak_.bf16_flops_per_second
                                                               : peak_.fp32_flops_per_second;
}

void CpuCeilings::hold_copy(int64_t bytes) {
  if (copied_bytes_ == bytes) return;
  copy_.reset();
  copied_bytes_ = bytes;
  copy_.emplace(bytes, threads_);
  copy_rates_.try_emplace(bytes, copy_->bytes_per_second());
}

double CpuCeilings::copied_bytes_per_second(int64_t bytes) {
  if (!copy_rates_.contains(bytes)) hold_copy(bytes);
  return copy_rates_.at(bytes);
}

Work CpuCeilings::products(int64_t flops, at::ScalarType dtype) {
  return {[this, flops, dtype] { loop(dtype).run(flops, threads_); }, flops};
}

Work CpuCeilings::copies(int64_t bytes) {
  return {[this, bytes] {
            hold_copy(bytes);
            copy_->run();
          },
          bytes};
}

}  // namespace apps
