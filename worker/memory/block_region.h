#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace worker {

/// Blocks cut from one range of addresses that grows at its end: best fit, a larger free block is
/// split, neighbours that are free are joined. Pages stay with the process while a block is free,
/// until release_free_pages(). The range is advised to use huge pages. Not thread-safe.
class BlockRegion {
 public:
  /// Whether the machine can give `bytes` more.
  using HasRoom = std::function<bool(std::size_t bytes)>;

  BlockRegion() = default;
  ~BlockRegion();
  BlockRegion(const BlockRegion&) = delete;
  BlockRegion& operator=(const BlockRegion&) = delete;

  /// A block of `bytes` (a multiple of 64), aligned to 64. `has_room` is asked before the process
  /// takes pages that it does not hold; nullptr where it says no or the addresses are used up.
  void* take(std::size_t bytes, const HasRoom& has_room);
  void put(void* block, std::size_t bytes);
  /// Hands the pages of every free block back to the operating system.
  void release_free_pages();

  /// Bytes in free blocks that are still held.
  std::size_t cached_bytes() const { return cached_bytes_; }
  /// Bytes taken from the operating system and not handed back.
  std::size_t held_bytes() const { return held_bytes_; }

 private:
  struct Free {
    std::size_t bytes = 0;
    bool held = true;  ///< its pages are the process's own; false after release_free_pages()
  };
  using FreeBlocks = std::map<char*, Free>;
  using BySize = std::set<std::pair<std::size_t, char*>>;

  bool reserve();
  void* take_free(const BySize::iterator& fit, std::size_t bytes, const HasRoom& has_room);
  void* take_from_end(std::size_t bytes, const HasRoom& has_room);
  /// The free block that ends at `top_`, or the end of free_.
  FreeBlocks::iterator free_at_end();
  bool make_writable(char* until);
  void insert(char* begin, Free block);
  void erase(FreeBlocks::iterator block);

  char* begin_ = nullptr;
  char* top_ = nullptr;       ///< end of the last block, free or taken
  char* writable_ = nullptr;  ///< end of the pages that may be touched
  char* end_ = nullptr;       ///< end of the reserved addresses
  FreeBlocks free_;           ///< by address
  BySize by_size_;
  std::size_t cached_bytes_ = 0;
  std::size_t held_bytes_ = 0;
};

}  // namespace worker
