#pragma once

#include <cstdint>
#include <map>

#include "apps/bench_kernels/case.h"
#include "apps/bench_kernels/copy.h"
#include "apps/bench_kernels/peak.h"

namespace apps {

/// What this machine can do, measured in this process, each once.
class Ceilings {
 public:
  /// Units of work a second: of copies of as many bytes, or FLOPs in registers. Throws
  /// std::invalid_argument for elements.
  double rate(WorkUnit unit, int64_t work, at::ScalarType dtype);
  const Peak& peak(at::ScalarType dtype) const {
    return dtype == at::kBFloat16 ? bfloat16_peak_ : float_peak_;
  }
  /// Of buffers that no cache holds.
  double memory_bytes_per_second() const { return memory_rate_; }

 private:
  static constexpr int64_t kMemoryBytes = int64_t{512} << 20;

  Peak float_peak_{at::kFloat};
  Peak bfloat16_peak_{at::kBFloat16};
  double memory_rate_ = Copy(kMemoryBytes).bytes_per_second();
  std::map<int64_t, double> copy_rates_;  ///< by bytes
};

}  // namespace apps
