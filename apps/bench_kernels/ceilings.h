#pragma once

#include <cstdint>

#include <c10/core/ScalarType.h>

#include "apps/bench_kernels/work.h"

namespace apps {

/// What a device can do, measured in this process, each once.
class Ceilings {
 public:
  Ceilings() = default;
  Ceilings(const Ceilings&) = delete;
  Ceilings& operator=(const Ceilings&) = delete;
  virtual ~Ceilings() = default;

  /// Units of work a second: of copies of as many bytes, or of products of `dtype`.
  /// Throws std::invalid_argument for elements, which have no ceiling; so does work().
  double rate(WorkUnit unit, int64_t work, at::ScalarType dtype);
  /// Work at that rate: `amount` of it, or where it is not to be had in that size, another.
  Work work(WorkUnit unit, int64_t amount, at::ScalarType dtype);

  /// Of products of `dtype`.
  virtual double flops_per_second(at::ScalarType dtype) const = 0;

 private:
  virtual double copied_bytes_per_second(int64_t bytes) = 0;
  virtual Work products(int64_t flops, at::ScalarType dtype) = 0;
  virtual Work copies(int64_t bytes) = 0;
};

}  // namespace apps
