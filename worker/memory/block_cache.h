#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace worker {

/// Memory from the operating system that is kept for reuse when freed, so that a step loop neither
/// maps nor faults pages once it is warm, as CUDA's caching allocator does for a GPU. Bins of exact
/// size. From kLargeBytes on, blocks are mappings aligned to huge pages and advised to use them;
/// below, they come from the heap. Nothing is handed back but by trim(), which take() calls when
/// the machine runs short. Not thread-safe.
class BlockCache {
 public:
  static constexpr std::size_t kLargeBytes = std::size_t{1} << 20;

  /// `spare_bytes`: what the machine can still give, asked before each new mapping.
  explicit BlockCache(std::function<int64_t()> spare_bytes);

  /// A block of `bytes` (a multiple of 64), aligned to 64; nullptr where the machine has no room
  /// even after trim().
  void* take(std::size_t bytes);
  void put(void* block, std::size_t bytes);
  /// Hands every cached block back to the operating system.
  void trim();

  int64_t cached_bytes() const { return cached_bytes_; }
  /// Bytes taken from the operating system and not handed back.
  int64_t held_bytes() const { return held_bytes_; }
  int64_t trims() const { return trims_; }

 private:
  bool make_room(std::size_t bytes);
  bool has_room(std::size_t bytes) const;

  std::function<int64_t()> spare_bytes_;
  std::unordered_map<std::size_t, std::vector<void*>> bins_;
  int64_t cached_bytes_ = 0;
  int64_t held_bytes_ = 0;
  int64_t trims_ = 0;
};

}  // namespace worker
