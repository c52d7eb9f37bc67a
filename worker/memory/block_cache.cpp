#include "worker/memory/block_cache.h"

#include <cstdlib>
#include <utility>

namespace worker {
namespace {

constexpr std::size_t kAlignment = 64;

}  // namespace

BlockCache::BlockCache(std::function<int64_t()> spare_bytes)
    : spare_bytes_(std::move(spare_bytes)) {}

BlockCache::~BlockCache() {
  trim();
}

void* BlockCache::take(std::size_t bytes) {
  void* const block = bytes < kLargeBytes ? take_small(bytes) : take_large(bytes);
  if (block != nullptr || cached_bytes() == 0) return block;
  trim();
  return bytes < kLargeBytes ? take_small(bytes) : take_large(bytes);
}

void BlockCache::put(void* block, std::size_t bytes) {
  if (bytes >= kLargeBytes) {
    region_.put(block, bytes);
    return;
  }
  bins_[bytes].push_back(block);
  binned_bytes_ += static_cast<int64_t>(bytes);
}

void BlockCache::trim() {
  for (auto& [bytes, blocks] : bins_) {
    for (void* const block : blocks) std::free(block);
  }
  bins_.clear();
  heap_bytes_ -= binned_bytes_;
  binned_bytes_ = 0;
  region_.release_free_pages();
}

int64_t BlockCache::cached_bytes() const {
  return binned_bytes_ + static_cast<int64_t>(region_.cached_bytes());
}

int64_t BlockCache::held_bytes() const {
  return heap_bytes_ + static_cast<int64_t>(region_.held_bytes());
}

void* BlockCache::take_small(std::size_t bytes) {
  if (const auto bin = bins_.find(bytes); bin != bins_.end() && !bin->second.empty()) {
    void* const block = bin->second.back();
    bin->second.pop_back();
    binned_bytes_ -= static_cast<int64_t>(bytes);
    return block;
  }
  void* const block = std::aligned_alloc(kAlignment, bytes);
  if (block != nullptr) heap_bytes_ += static_cast<int64_t>(bytes);
  return block;
}

void* BlockCache::take_large(std::size_t bytes) {
  return region_.take(
      bytes, [&](std::size_t growth) { return spare_bytes_() >= static_cast<int64_t>(growth); });
}

}  // namespace worker
