#include "apps/bench_kernels/ceilings.h"

#include <stdexcept>

namespace apps {

double Ceilings::rate(WorkUnit unit, int64_t work, at::ScalarType dtype) {
  switch (unit) {
    case WorkUnit::kFlops:
      return peak(dtype).flops_per_second();
    case WorkUnit::kBytes: {
      const auto [known, inserted] = copy_rates_.try_emplace(work, 0.0);
      if (inserted) known->second = Copy(work).bytes_per_second();
      return known->second;
    }
    case WorkUnit::kElements:
      break;
  }
  throw std::invalid_argument("elements have no ceiling");
}

}  // namespace apps
