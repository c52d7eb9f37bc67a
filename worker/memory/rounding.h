#pragma once

#include <cstdint>

namespace worker {

/// What our CPU allocator rounds sizes up to: a cache line, the width of an AVX-512 register.
inline constexpr int64_t kCpuGranularity = 64;
/// What CUDA's caching allocator rounds sizes up to (kMinBlockSize, c10/cuda/CUDACachingAllocator).
inline constexpr int64_t kCudaGranularity = 512;

/// Bytes that a block of `bytes` takes: the next multiple of `granularity`; 0 stays 0.
inline constexpr int64_t rounded_bytes(int64_t bytes, int64_t granularity) {
  return (bytes + granularity - 1) / granularity * granularity;
}

}  // namespace worker
