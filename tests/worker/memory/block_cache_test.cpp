#include "worker/memory/block_cache.h"

#include <cstdint>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

namespace worker {
namespace {

constexpr std::size_t kSmall = 4096;
constexpr std::size_t kLarge = (std::size_t{3} << 20) + 64;

BlockCache roomy_cache() {
  return BlockCache([] { return std::numeric_limits<int64_t>::max(); });
}

TEST(BlockCache, blocks_are_aligned_and_writable) {
  auto cache = roomy_cache();
  for (const auto bytes : {std::size_t{64}, kSmall, kLarge}) {
    void* const block = cache.take(bytes);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 64, 0U);
    std::memset(block, 1, bytes);
    cache.put(block, bytes);
  }
  cache.trim();
}

TEST(BlockCache, a_small_block_is_reused_for_its_size_alone) {
  auto cache = roomy_cache();
  void* const block = cache.take(kSmall);
  cache.put(block, kSmall);
  EXPECT_EQ(cache.cached_bytes(), static_cast<int64_t>(kSmall));
  void* const other = cache.take(kSmall - 64);
  EXPECT_NE(other, block);
  EXPECT_EQ(cache.take(kSmall), block);
  EXPECT_EQ(cache.cached_bytes(), 0);
  cache.put(block, kSmall);
  cache.put(other, kSmall - 64);
  cache.trim();
  EXPECT_EQ(cache.held_bytes(), 0);
}

TEST(BlockCache, memory_of_a_large_step_serves_a_smaller_one) {
  auto cache = roomy_cache();
  void* const block = cache.take(kLarge);
  cache.put(block, kLarge);
  void* const first = cache.take(kLarge / 2 / 64 * 64);
  void* const second = cache.take(kLarge / 2 / 64 * 64);
  EXPECT_EQ(cache.held_bytes(), static_cast<int64_t>(kLarge));
  cache.put(first, kLarge / 2 / 64 * 64);
  cache.put(second, kLarge / 2 / 64 * 64);
  EXPECT_EQ(cache.take(kLarge), block);
}

TEST(BlockCache, a_short_machine_gets_its_cached_blocks_back_before_a_new_one_is_taken) {
  BlockCache* self = nullptr;
  const int64_t machine = 3 * static_cast<int64_t>(kLarge);
  BlockCache cache([&] { return machine - self->held_bytes(); });
  self = &cache;
  void* const first = cache.take(kLarge);
  void* const fence = cache.take(kLarge);
  ASSERT_NE(fence, nullptr);
  cache.put(first, kLarge);
  EXPECT_EQ(cache.cached_bytes(), static_cast<int64_t>(kLarge));
  void* const wide = cache.take(2 * kLarge);
  ASSERT_NE(wide, nullptr);
  EXPECT_EQ(cache.cached_bytes(), 0);
  EXPECT_EQ(cache.held_bytes(), machine);
}

TEST(BlockCache, what_the_machine_cannot_hold_is_refused) {
  BlockCache cache([] { return int64_t{1} << 20; });
  EXPECT_EQ(cache.take(kLarge), nullptr);
  EXPECT_EQ(cache.held_bytes(), 0);
}

}  // namespace
}  // namespace worker
