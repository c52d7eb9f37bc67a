#pragma once

#include <optional>

namespace kernels {

/// What the machine reaches at best: the ceilings that operators are compared with.
struct MachinePeak {
  /// Multiply-adds in registers, two FLOPs each, with the widest vectors there are.
  double fp32_flops_per_second = 0;
  /// Dot products of bf16 pairs in registers, four FLOPs a float of the sum; none without AVX-512
  /// BF16.
  std::optional<double> bf16_flops_per_second;
  /// Bytes read and bytes written by a copy between two buffers larger than the caches.
  double copy_bytes_per_second = 0;
};

/// Measures with `threads` OpenMP threads (at least 1), the best of a few short runs; takes some
/// tenths of a second. Throws std::bad_alloc where there is no room for the copy's buffers.
MachinePeak measure_machine_peak(int threads);

}  // namespace kernels
