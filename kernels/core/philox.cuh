#pragma once

// Philox4x32-10 on a device: the words of philox.h.

#include "kernels/core/device.cuh"
#include "kernels/core/philox.h"

namespace kernels {

struct PhiloxWords {
  uint32_t at[4];
};

__device__ __forceinline__ PhiloxWords philox_words(PhiloxWords counter, uint32_t key0,
                                                    uint32_t key1) {
  BENCH_UNROLL
  for (int round = 0; round < Philox::kRounds; ++round) {
    const uint64_t product0 = uint64_t{Philox::kMultiplier0} * counter.at[0];
    const uint64_t product1 = uint64_t{Philox::kMultiplier1} * counter.at[2];
    counter = {{static_cast<uint32_t>(product1 >> 32) ^ counter.at[1] ^ key0,
                static_cast<uint32_t>(product1),
                static_cast<uint32_t>(product0 >> 32) ^ counter.at[3] ^ key1,
                static_cast<uint32_t>(product0)}};
    key0 += Philox::kWeyl0;
    key1 += Philox::kWeyl1;
  }
  return counter;
}

}  // namespace kernels
