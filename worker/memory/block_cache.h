#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "worker/memory/block_region.h"

namespace worker {

/// Memory from the operating system that is kept for reuse when freed, so that a step loop neither
/// maps nor faults pages once it is warm, as CUDA's caching allocator does for a GPU. From
/// kLargeBytes on, blocks are cut from one region and joined again, so that memory serves steps of
/// other sizes too; below, they come from the heap in bins of exact size, where they split no
/// larger block. Nothing is handed back but by trim(), which take() calls when the machine runs
/// short. Not thread-safe.
class BlockCache {
 public:
  static constexpr std::size_t kLargeBytes = std::size_t{32} << 10;

  /// `spare_bytes`: what the machine can still give, asked before the region takes more of it.
  explicit BlockCache(std::function<int64_t()> spare_bytes);
  ~BlockCache();
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  /// A block of `bytes` (a multiple of 64), aligned to 64; nullptr where the machine has no room
  /// even after trim().
  void* take(std::size_t bytes);
  void put(void* block, std::size_t bytes);
  /// Hands every cached block back to the operating system.
  void trim();

  int64_t cached_bytes() const;
  /// Bytes taken from the operating system and not handed back.
  int64_t held_bytes() const;

 private:
  void* take_small(std::size_t bytes);
  void* take_large(std::size_t bytes);

  std::function<int64_t()> spare_bytes_;
  BlockRegion region_;
  std::unordered_map<std::size_t, std::vector<void*>> bins_;
  int64_t binned_bytes_ = 0;
  int64_t heap_bytes_ = 0;
};

}  // namespace worker
