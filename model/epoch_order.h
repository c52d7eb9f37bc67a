#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace model {

/// An endless order over `size` windows: each epoch takes every window once, shuffled anew. What
/// stands where follows from the seed alone, so that a position can be taken up at any time.
///
/// Epoch e is a Fisher-Yates shuffle by std::mt19937_64, which the standard fixes to the bit,
/// seeded with seed + e * kEpochSeedStep.
class EpochOrder {
 public:
  /// 2^64 / golden ratio: keeps the seeds of an epoch away from small numbers, which users choose.
  static constexpr uint64_t kEpochSeedStep = 0x9E3779B97F4A7C15;

  /// `size` is at least 1.
  EpochOrder(int64_t size, uint64_t seed);

  /// The window at `position`, counted from the beginning of epoch 0. Shuffles where the last call
  /// asked for another epoch: one thread at a time.
  size_t at(uint64_t position) const;

 private:
  void shuffle(uint64_t epoch) const;

  uint64_t seed_;
  mutable uint64_t epoch_ = 0;         ///< whose order is in `order_`
  mutable std::vector<size_t> order_;  ///< remembered
};

}  // namespace model
