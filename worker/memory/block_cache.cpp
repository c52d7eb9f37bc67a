#include "worker/memory/block_cache.h"

#include <cstdlib>
#include <utility>

#include <sys/mman.h>

namespace worker {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kAlignment = 64;

std::size_t round_up(std::size_t bytes, std::size_t to) {
  return (bytes + to - 1) / to * to;
}

/// `bytes` of zeroed memory that begins at a huge page, or nullptr.
void* map_aligned(std::size_t bytes) {
  const std::size_t mapped = round_up(bytes, kPage) + kHugePage;
  void* const raw =
      ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  char* const begin = static_cast<char*>(raw);
  char* const aligned =
      reinterpret_cast<char*>(round_up(reinterpret_cast<std::uintptr_t>(begin), kHugePage));
  char* const end = aligned + round_up(bytes, kPage);
  if (aligned > begin) ::munmap(begin, static_cast<std::size_t>(aligned - begin));
  if (begin + mapped > end) ::munmap(end, static_cast<std::size_t>(begin + mapped - end));
  // Advice only: without huge pages the block is as good, but slower to fault in.
  ::madvise(aligned, round_up(bytes, kPage), MADV_HUGEPAGE);
  return aligned;
}

void* from_system(std::size_t bytes) {
  if (bytes >= BlockCache::kLargeBytes) return map_aligned(bytes);
  return std::aligned_alloc(kAlignment, round_up(bytes, kAlignment));
}

void to_system(void* block, std::size_t bytes) {
  if (bytes >= BlockCache::kLargeBytes) {
    ::munmap(block, round_up(bytes, kPage));
  } else {
    std::free(block);
  }
}

}  // namespace

BlockCache::BlockCache(std::function<int64_t()> spare_bytes)
    : spare_bytes_(std::move(spare_bytes)) {}

void* BlockCache::take(std::size_t bytes) {
  if (const auto bin = bins_.find(bytes); bin != bins_.end() && !bin->second.empty()) {
    void* const block = bin->second.back();
    bin->second.pop_back();
    cached_bytes_ -= static_cast<int64_t>(bytes);
    return block;
  }
  if (bytes >= kLargeBytes && !make_room(bytes)) return nullptr;
  void* block = from_system(bytes);
  if (block == nullptr) {
    trim();
    block = from_system(bytes);
  }
  if (block != nullptr) held_bytes_ += static_cast<int64_t>(bytes);
  return block;
}

void BlockCache::put(void* block, std::size_t bytes) {
  bins_[bytes].push_back(block);
  cached_bytes_ += static_cast<int64_t>(bytes);
}

void BlockCache::trim() {
  for (auto& [bytes, blocks] : bins_) {
    for (void* const block : blocks) to_system(block, bytes);
  }
  bins_.clear();
  held_bytes_ -= cached_bytes_;
  cached_bytes_ = 0;
  ++trims_;
}

bool BlockCache::make_room(std::size_t bytes) {
  if (has_room(bytes)) return true;
  if (cached_bytes_ == 0) return false;
  trim();
  return has_room(bytes);
}

bool BlockCache::has_room(std::size_t bytes) const {
  return spare_bytes_() >= static_cast<int64_t>(bytes);
}

}  // namespace worker
