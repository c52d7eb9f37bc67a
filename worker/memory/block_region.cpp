#include "worker/memory/block_region.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include <sys/mman.h>
#include <unistd.h>

namespace worker {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kSmallestReservation = std::size_t{1} << 30;

std::size_t page_bytes() {
  static const auto bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

char* round_up(char* address, std::size_t to) {
  const auto value = reinterpret_cast<std::uintptr_t>(address);
  return address + ((value + to - 1) / to * to - value);
}

char* round_down(char* address, std::size_t to) {
  return address - reinterpret_cast<std::uintptr_t>(address) % to;
}

std::size_t machine_bytes() {
  return static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * page_bytes();
}

/// The pages that lie within [begin, end) alone go back; what is read there afterwards is zero.
void release_pages(char* begin, char* end) {
  char* const first = round_up(begin, page_bytes());
  char* const last = round_down(end, page_bytes());
  if (first < last) ::madvise(first, static_cast<std::size_t>(last - first), MADV_DONTNEED);
}

}  // namespace

BlockRegion::~BlockRegion() {
  if (begin_ != nullptr) ::munmap(begin_, static_cast<std::size_t>(end_ - begin_));
}

void* BlockRegion::take(std::size_t bytes, const HasRoom& has_room) {
  if (begin_ == nullptr && !reserve()) return nullptr;
  const auto fit = by_size_.lower_bound({bytes, nullptr});
  return fit != by_size_.end() ? take_free(fit, bytes, has_room) : take_from_end(bytes, has_room);
}

void BlockRegion::put(void* block, std::size_t bytes) {
  auto* begin = static_cast<char*>(block);
  Free joined{bytes, true};
  const auto join = [&](FreeBlocks::iterator neighbour) {
    joined.bytes += neighbour->second.bytes;
    // Pages that were handed back count as held from here on: rather too many than too few.
    if (!neighbour->second.held) held_bytes_ += neighbour->second.bytes;
    erase(neighbour);
  };
  if (const auto next = free_.find(begin + bytes); next != free_.end()) join(next);
  if (const auto after = free_.lower_bound(begin); after != free_.begin()) {
    const auto before = std::prev(after);
    char* const address = before->first;
    if (address + before->second.bytes == begin) {
      join(before);
      begin = address;
    }
  }
  insert(begin, joined);
}

void BlockRegion::release_free_pages() {
  for (auto& [begin, block] : free_) {
    if (!block.held) continue;
    release_pages(begin, begin + block.bytes);
    held_bytes_ -= block.bytes;
    block.held = false;
  }
  cached_bytes_ = 0;
  if (const auto last = free_at_end(); last != free_.end()) {
    top_ = last->first;
    erase(last);
  }
}

bool BlockRegion::reserve() {
  // Addresses without access cost nothing; fragments may need more of them than the machine has
  // bytes. A limit on the address space leaves less.
  for (std::size_t bytes = 2 * machine_bytes(); bytes >= kSmallestReservation; bytes /= 2) {
    void* const range =
        ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) continue;
    begin_ = static_cast<char*>(range);
    end_ = begin_ + bytes;
    top_ = writable_ = round_up(begin_, kHugePage);
    return true;
  }
  return false;
}

void* BlockRegion::take_free(const BySize::iterator& fit, std::size_t bytes,
                             const HasRoom& has_room) {
  const auto block = free_.find(fit->second);
  char* const begin = block->first;
  const Free whole = block->second;
  if (!whole.held) {
    if (!has_room(bytes)) return nullptr;
    held_bytes_ += bytes;
  }
  erase(block);
  if (whole.bytes > bytes) insert(begin + bytes, {whole.bytes - bytes, whole.held});
  return begin;
}

void* BlockRegion::take_from_end(std::size_t bytes, const HasRoom& has_room) {
  const auto last = free_at_end();
  char* const begin = last != free_.end() ? last->first : top_;
  const std::size_t held = last != free_.end() && last->second.held ? last->second.bytes : 0;
  if (bytes > static_cast<std::size_t>(end_ - begin) || !has_room(bytes - held)) return nullptr;
  if (!make_writable(begin + bytes)) return nullptr;
  if (last != free_.end()) erase(last);
  held_bytes_ += bytes - held;
  top_ = begin + bytes;
  return begin;
}

BlockRegion::FreeBlocks::iterator BlockRegion::free_at_end() {
  if (free_.empty()) return free_.end();
  const auto last = std::prev(free_.end());
  return last->first + last->second.bytes == top_ ? last : free_.end();
}

bool BlockRegion::make_writable(char* until) {
  if (until <= writable_) return true;
  char* const end = std::min(round_up(until, kHugePage), end_);
  const auto growth = static_cast<std::size_t>(end - writable_);
  if (::mprotect(writable_, growth, PROT_READ | PROT_WRITE) != 0) return false;
  // Advice only: without huge pages the memory is as good, but slower to fault in.
  ::madvise(writable_, growth, MADV_HUGEPAGE);
  writable_ = end;
  return true;
}

void BlockRegion::insert(char* begin, Free block) {
  free_.emplace(begin, block);
  by_size_.emplace(block.bytes, begin);
  if (block.held) cached_bytes_ += block.bytes;
}

void BlockRegion::erase(FreeBlocks::iterator block) {
  by_size_.erase({block->second.bytes, block->first});
  if (block->second.held) cached_bytes_ -= block->second.bytes;
  free_.erase(block);
}

}  // namespace worker
