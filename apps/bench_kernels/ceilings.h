#pragma once

#include <cstdint>
#include <stdexcept>

#include <c10/core/ScalarType.h>

#include "apps/bench_kernels/work.h"

namespace apps {

/// What a device can do, measured in this process, each once. Both throw std::invalid_argument for
/// elements, which have no ceiling.
class Ceilings {
 public:
  Ceilings() = default;
  Ceilings(const Ceilings&) = delete;
  Ceilings& operator=(const Ceilings&) = delete;
  virtual ~Ceilings() = default;

  /// Units of work a second: of copies of as many bytes, or of products of `dtype`.
  virtual double rate(WorkUnit unit, int64_t work, at::ScalarType dtype) = 0;
  /// Work at that rate: `amount` of it, or where it is not to be had in that size, another.
  virtual Work work(WorkUnit unit, int64_t amount, at::ScalarType dtype) = 0;

 protected:
  [[noreturn]] static void refuse_elements() {
    throw std::invalid_argument("elements have no ceiling");
  }
};

}  // namespace apps
