#pragma once

#include <array>
#include <cstdint>

namespace kernels {

/// Philox4x32-10: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11.
struct Philox {
  static constexpr int kRounds = 10;
  static constexpr uint32_t kMultiplier0 = 0xd2511f53U;
  static constexpr uint32_t kMultiplier1 = 0xcd9e8d57U;
  static constexpr uint32_t kWeyl0 = 0x9e3779b9U;
  static constexpr uint32_t kWeyl1 = 0xbb67ae85U;
};

using PhiloxCounter = std::array<uint32_t, 4>;
using PhiloxKey = std::array<uint32_t, 2>;

/// One round with the round's key.
inline PhiloxCounter philox_round(PhiloxCounter counter, PhiloxKey key) {
  const uint64_t product0 = uint64_t{Philox::kMultiplier0} * counter[0];
  const uint64_t product1 = uint64_t{Philox::kMultiplier1} * counter[2];
  return {
      static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(product1),
      static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(product0)};
}

/// Four random words, a pure function of counter and key.
inline PhiloxCounter philox4x32(PhiloxCounter counter, PhiloxKey key) {
  for (int round = 0; round < Philox::kRounds; ++round) {
    counter = philox_round(counter, key);
    key = {key[0] + Philox::kWeyl0, key[1] + Philox::kWeyl1};
  }
  return counter;
}

}  // namespace kernels
