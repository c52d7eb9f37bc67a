#include "apps/bench_kernels/ceilings.h"

#include <stdexcept>

namespace apps {
namespace {

[[noreturn]] void refuse_elements() {
  throw std::invalid_argument("elements have no ceiling");
}

}  // namespace

Ceilings::Ceilings(int threads)
    : threads_(threads), peak_(kernels::measure_machine_peak(threads)) {}

double Ceilings::flops_per_second(at::ScalarType dtype) const {
  return dtype == at::kBFloat16 && peak_.bf16_flops_per_second ? *peak_.bf16_flops_per_second
                                                               : peak_.fp32_flops_per_second;
}

void Ceilings::hold_copy(int64_t bytes) {
  if (copied_bytes_ == bytes) return;
  copy_.reset();
  copied_bytes_ = bytes;
  copy_.emplace(bytes, threads_);
  copy_rates_.try_emplace(bytes, copy_->bytes_per_second());
}

double Ceilings::rate(WorkUnit unit, int64_t work, at::ScalarType dtype) {
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

void Ceilings::run(WorkUnit unit, int64_t work, at::ScalarType dtype) {
  switch (unit) {
    case WorkUnit::kFlops:
      loop(dtype).run(work, threads_);
      return;
    case WorkUnit::kBytes:
      hold_copy(work);
      copy_->run();
      return;
    case WorkUnit::kElements:
      break;
  }
  refuse_elements();
}

}  // namespace apps
