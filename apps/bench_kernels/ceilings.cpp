#include "apps/bench_kernels/ceilings.h"

#include <stdexcept>

namespace apps {
namespace {

[[noreturn]] void refuse_elements() {
  throw std::invalid_argument("elements have no ceiling");
}

}  // namespace

double Ceilings::rate(WorkUnit unit, int64_t work, at::ScalarType dtype) {
  switch (unit) {
    case WorkUnit::kFlops:
      return flops_per_second(dtype);
    case WorkUnit::kBytes:
      return copied_bytes_per_second(work);
    case WorkUnit::kElements:
      break;
  }
  refuse_elements();
}

Work Ceilings::work(WorkUnit unit, int64_t amount, at::ScalarType dtype) {
  switch (unit) {
    case WorkUnit::kFlops:
      return products(amount, dtype);
    case WorkUnit::kBytes:
      return copies(amount);
    case WorkUnit::kElements:
      break;
  }
  refuse_elements();
}

}  // namespace apps
