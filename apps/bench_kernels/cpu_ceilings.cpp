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

double CpuCeilings::rate(WorkUnit unit, int64_t work, at::ScalarType dtype) {
  switch (unit) {
    case WorkUnit::kFlops:
      return flops_per_second(dtype);
    case WorkUnit::kBytes:
      if (!copy_rates_.contains(work)) hold_copy(work);
      return copy_rates_.at(work);
    case WorkUnit::kElements:
      break;
  }
  refuse_elements();
}

Work CpuCeilings::work(WorkUnit unit, int64_t amount, at::ScalarType dtype) {
  switch (unit) {
    case WorkUnit::kFlops:
      return {[this, amount, dtype] { loop(dtype).run(amount, threads_); }, amount};
    case WorkUnit::kBytes:
      return {[this, amount] {
                hold_copy(amount);
                copy_->run();
              },
              amount};
    case WorkUnit::kElements:
      break;
  }
  refuse_elements();
}

}  // namespace apps
