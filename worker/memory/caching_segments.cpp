#include "worker/memory/caching_segments.h"

#include <iterator>

#include "worker/memory/rounding.h"

namespace worker {
namespace {

// The names of CUDACachingAllocator.cpp: kSmallSize, kSmallBuffer, kMinLargeAlloc, kLargeBuffer,
// kRoundLarge.
constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kMostOfSmall = kMiB;
constexpr int64_t kSmallSegment = 2 * kMiB;
constexpr int64_t kLeastOfOwnSegment = 10 * kMiB;
constexpr int64_t kLargeSegment = 20 * kMiB;
constexpr int64_t kSegmentGranularity = 2 * kMiB;

}  // namespace

int64_t segment_bytes(int64_t bytes) {
  if (bytes <= kMostOfSmall) return kSmallSegment;
  if (bytes < kLeastOfOwnSegment) return kLargeSegment;
  return rounded_bytes(bytes, kSegmentGranularity);
}

CachingSegments::Address CachingSegments::allocate(int64_t bytes) {
  const int64_t rounded = rounded_bytes(bytes, kCudaGranularity);
  const Pool pool = rounded <= kMostOfSmall ? kSmall : kLarge;
  auto block = free_block(pool, rounded);
  if (block == blocks_.end()) block = new_segment(pool, rounded);
  set_free(block, false);
  cut(block, rounded);
  return block->first;
}

void CachingSegments::release(Address address) {
  const auto block = blocks_.find(address);
  set_free(block, true);
  if (const auto next = std::next(block); next != blocks_.end()) join(block, next);
  if (block != blocks_.begin()) join(std::prev(block), block);
}

CachingSegments::Blocks::iterator CachingSegments::free_block(Pool pool, int64_t bytes) {
  const auto found = free_[pool].lower_bound({bytes, 0});
  return found == free_[pool].end() ? blocks_.end() : blocks_.find(found->second);
}

CachingSegments::Blocks::iterator CachingSegments::new_segment(Pool pool, int64_t bytes) {
  const int64_t size = segment_bytes(bytes);
  const auto block =
      blocks_.emplace(next_address_, Block{size, segments_++, pool, /*is_free=*/false}).first;
  next_address_ += static_cast<Address>(size);
  reserved_ += size;
  set_free(block, true);
  return block;
}

/// Leaves `bytes` of a block, unless what is left over is too little to be cut off.
void CachingSegments::cut(Blocks::iterator block, int64_t bytes) {
  Block& whole = block->second;
  const int64_t rest = whole.bytes - bytes;
  const bool worth = whole.pool == kSmall ? rest >= kCudaGranularity : rest > kMostOfSmall;
  if (!worth) return;
  whole.bytes = bytes;
  const auto cut_off = blocks_.emplace(block->first + static_cast<Address>(bytes),
                                       Block{rest, whole.segment, whole.pool, false});
  set_free(cut_off.first, true);
}

/// Makes one of two neighbours where both are free and of one segment.
void CachingSegments::join(Blocks::iterator block, Blocks::iterator next) {
  const bool both_free = block->second.is_free && next->second.is_free;
  if (!both_free || block->second.segment != next->second.segment) return;
  set_free(block, false);
  set_free(next, false);
  block->second.bytes += next->second.bytes;
  blocks_.erase(next);
  set_free(block, true);
}

void CachingSegments::set_free(Blocks::iterator block, bool is_free) {
  block->second.is_free = is_free;
  auto& list = free_[block->second.pool];
  if (is_free) {
    list.emplace(block->second.bytes, block->first);
  } else {
    list.erase({block->second.bytes, block->first});
  }
}

}  // namespace worker
