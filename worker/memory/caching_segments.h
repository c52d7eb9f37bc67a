#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace worker {

/// What LibTorch's caching allocator asks the device for, where no block that it has holds `bytes`.
int64_t segment_bytes(int64_t bytes);

/// What LibTorch's caching allocator of CUDA memory makes of requests on one stream: how large the
/// blocks are that it gives out, and what it reserves from the device for them. Sizes, pools, the
/// choice of a block and when it is split are those of c10/cuda/CUDACachingAllocator.cpp, LibTorch
/// 2.11, without options in PYTORCH_CUDA_ALLOC_CONF.
///
/// Requests of up to 1 MiB are served from segments of 2 MiB, larger ones from segments of 20 MiB,
/// those from 10 MiB on from a segment of their own, rounded up to 2 MiB; always from the smallest
/// free block that holds them, the one at the lowest address among equals. What a block has more is
/// cut off from 512 bytes on, in large segments only above 1 MiB. A freed block joins its free
/// neighbours. Segments are kept.
class CachingSegments {
 public:
  /// Where a block lies, which names it.
  using Address = uint64_t;

  /// A block for `bytes` > 0.
  Address allocate(int64_t bytes);
  /// Of a block that was given out.
  int64_t bytes(Address block) const { return blocks_.at(block).bytes; }
  void release(Address block);

  int64_t reserved_bytes() const { return reserved_; }

 private:
  enum Pool { kSmall, kLarge };
  struct Block {
    int64_t bytes;
    uint64_t segment;
    Pool pool;
    bool is_free;
  };
  using Blocks = std::map<Address, Block>;

  Blocks::iterator free_block(Pool pool, int64_t bytes);
  Blocks::iterator new_segment(Pool pool, int64_t bytes);
  void cut(Blocks::iterator block, int64_t bytes);
  void join(Blocks::iterator block, Blocks::iterator next);
  void set_free(Blocks::iterator block, bool is_free);

  Blocks blocks_;
  std::array<std::set<std::pair<int64_t, Address>>, 2> free_;  ///< by pool, by size
  Address next_address_ = 0;
  uint64_t segments_ = 0;
  int64_t reserved_ = 0;
};

}  // namespace worker
