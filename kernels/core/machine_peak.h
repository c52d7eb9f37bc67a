#pragma once

#include <optional>

namespace kernels {

/// What the machine reaches at best: the ceilings that operators are compared with.
struct MachinePeak {
  /// Of PeakLoop::fp32().
  double fp32_flops_per_second = 0;
  /// Of PeakLoop::bf16(), where there is one.
  std::optional<double> bf16_flops_per_second;
  /// Bytes read and bytes written by a copy (MemoryCopy) between two buffers larger than the
  /// caches.
  double copy_bytes_per_second = 0;
};

/// Measures with `threads` OpenMP threads (at least 1), the best of many short runs; takes about a
/// second. Throws std::bad_alloc where there is no room for the copy's buffers.
MachinePeak measure_machine_peak(int threads);

}  // namespace kernels
