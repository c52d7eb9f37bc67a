#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"

namespace kernels {

// What a device's ceilings are measured with: work of a known amount and nothing besides. All
// pointers are into the device's memory; calls queue a kernel and return.

inline constexpr int kMultiplyAddThreads = 256;
inline constexpr int kMultiplyAddChains = 8;
inline constexpr int64_t kMultiplyAddsARound = 512;

/// Multiply-adds of float with operands in registers: every thread of `blocks` thread blocks does
/// `rounds` * kMultiplyAddsARound of x = x * factor + term, in kMultiplyAddChains that do not wait
/// for each other and start at 0, 1, 2, ...
struct MultiplyAdds {
  float* sums;  ///< [blocks * kMultiplyAddThreads] of a thread's chains in the end
  uint32_t blocks;
  int64_t rounds;
  float factor;
  float term;
};

void multiply_adds(const MultiplyAdds& args, CudaStream stream);

inline constexpr int64_t multiply_add_flops(uint32_t blocks, int64_t rounds) {
  return 2 * int64_t{blocks} * kMultiplyAddThreads * rounds * kMultiplyAddsARound;
}

/// A copy by accesses of 16 bytes: `bytes` are a multiple of 16, and both arrays are aligned to it.
struct PackCopy {
  void* to;
  const void* from;
  int64_t bytes;
};

void copy_packs(const PackCopy& args, CudaStream stream);

/// Random values of [-1, 1], spread evenly, with all bits of T: what products of zeros would not
/// show of a device's power and clocks. T: float16 or bfloat16.
template <class T>
void fill_uniform(T* values, int64_t count, CudaStream stream);

}  // namespace kernels
