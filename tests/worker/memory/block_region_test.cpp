#include "worker/memory/block_region.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace worker {
namespace {

constexpr std::size_t kUnit = std::size_t{1} << 20;

bool always(std::size_t) {
  return true;
}

bool never(std::size_t) {
  return false;
}

TEST(BlockRegion, a_freed_block_serves_smaller_ones_and_their_rest_serves_on) {
  BlockRegion region;
  void* const wide = region.take(4 * kUnit, always);
  void* const fence = region.take(kUnit, always);
  region.put(wide, 4 * kUnit);
  EXPECT_EQ(region.take(3 * kUnit, never), wide);
  EXPECT_EQ(region.take(kUnit, never), static_cast<char*>(wide) + 3 * kUnit);
  EXPECT_EQ(region.take(kUnit, never), nullptr);
  EXPECT_EQ(region.cached_bytes(), 0U);
  EXPECT_EQ(region.held_bytes(), 5 * kUnit);
  EXPECT_NE(fence, nullptr);
}

TEST(BlockRegion, the_smallest_block_that_fits_is_taken) {
  BlockRegion region;
  void* const wide = region.take(4 * kUnit, always);
  region.take(kUnit, always);
  void* const narrow = region.take(2 * kUnit, always);
  region.take(kUnit, always);
  region.put(wide, 4 * kUnit);
  region.put(narrow, 2 * kUnit);
  EXPECT_EQ(region.take(2 * kUnit, never), narrow);
}

TEST(BlockRegion, free_neighbours_join_in_any_order) {
  for (const auto& order : {std::array{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {2, 1, 0}}) {
    BlockRegion region;
    std::array<void*, 3> blocks{};
    for (auto& block : blocks) block = region.take(kUnit, always);
    region.take(kUnit, always);
    for (const int i : order) region.put(blocks[static_cast<std::size_t>(i)], kUnit);
    EXPECT_EQ(region.take(3 * kUnit, never), blocks[0]);
  }
}

TEST(BlockRegion, a_free_block_at_the_end_grows_by_what_is_missing) {
  BlockRegion region;
  void* const block = region.take(2 * kUnit, always);
  region.put(block, 2 * kUnit);
  std::size_t asked = 0;
  EXPECT_EQ(region.take(3 * kUnit,
                        [&](std::size_t growth) {
                          asked = growth;
                          return true;
                        }),
            block);
  EXPECT_EQ(asked, kUnit);
  EXPECT_EQ(region.held_bytes(), 3 * kUnit);
}

TEST(BlockRegion, released_pages_are_not_held_and_ask_for_room_again) {
  BlockRegion region;
  auto* const block = static_cast<char*>(region.take(2 * kUnit, always));
  region.take(kUnit, always);
  block[kUnit] = 7;
  region.put(block, 2 * kUnit);
  region.release_free_pages();
  EXPECT_EQ(region.cached_bytes(), 0U);
  EXPECT_EQ(region.held_bytes(), kUnit);
  EXPECT_EQ(region.take(kUnit, never), nullptr);
  EXPECT_EQ(region.take(2 * kUnit, always), block);
  EXPECT_EQ(block[kUnit], 0) << "the page came back from the operating system";
  EXPECT_EQ(region.held_bytes(), 3 * kUnit);
}

TEST(BlockRegion, blocks_never_overlap_and_all_bytes_come_back) {
  BlockRegion region;
  std::mt19937_64 random(1);
  std::map<char*, std::size_t> taken;
  std::size_t live = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (taken.empty() || random() % 5 < 3) {
      const std::size_t bytes = 64 * (1 + random() % 4096);
      auto* const block = static_cast<char*>(region.take(bytes, always));
      ASSERT_NE(block, nullptr);
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % 64, 0U);
      const auto next = taken.lower_bound(block);
      ASSERT_TRUE(next == taken.end() || block + bytes <= next->first);
      ASSERT_TRUE(next == taken.begin() ||
                  std::prev(next)->first + std::prev(next)->second <= block);
      taken.emplace(block, bytes);
      live += bytes;
    } else {
      const auto victim = std::next(taken.begin(), static_cast<int64_t>(random() % taken.size()));
      region.put(victim->first, victim->second);
      live -= victim->second;
      taken.erase(victim);
    }
    if (i % 1000 == 999) region.release_free_pages();
    ASSERT_GE(region.held_bytes(), live + region.cached_bytes());
  }
  for (const auto& [block, bytes] : taken) region.put(block, bytes);
  region.release_free_pages();
  EXPECT_EQ(region.held_bytes(), 0U);
}

}  // namespace
}  // namespace worker
