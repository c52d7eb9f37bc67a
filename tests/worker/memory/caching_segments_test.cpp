#include "worker/memory/caching_segments.h"

#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace worker {
namespace {

constexpr int64_t kKiB = 1024;
constexpr int64_t kMiB = 1024 * kKiB;

/// What one request on an empty device takes of a block and of the device.
void expect_taken(int64_t requested, int64_t block, int64_t reserved) {
  CachingSegments segments;
  EXPECT_EQ(segments.bytes(segments.allocate(requested)), block) << requested;
  EXPECT_EQ(segments.reserved_bytes(), reserved) << requested;
}

TEST(CachingSegments, sizes_are_rounded_and_segments_have_the_sizes_of_their_pools) {
  expect_taken(1, 512, 2 * kMiB);
  expect_taken(513, 1024, 2 * kMiB);
  expect_taken(kMiB, kMiB, 2 * kMiB);
  expect_taken(kMiB + 1, kMiB + 512, 20 * kMiB);
  expect_taken(10 * kMiB - 512, 10 * kMiB - 512, 20 * kMiB);
  expect_taken(10 * kMiB, 10 * kMiB, 10 * kMiB);
  expect_taken(123 * kMiB + 1, 124 * kMiB, 124 * kMiB);
}

TEST(CachingSegments, what_a_large_block_has_more_is_cut_off_above_one_mebibyte_only) {
  expect_taken(19 * kMiB, 20 * kMiB, 20 * kMiB);
  // Of 20 MiB, 11 MiB are left, then 1.5 MiB, of which 0.5 MiB are not worth a block.
  CachingSegments segments;
  segments.allocate(9 * kMiB);
  EXPECT_EQ(segments.bytes(segments.allocate(9 * kMiB + 512 * kKiB)), 9 * kMiB + 512 * kKiB);
  EXPECT_EQ(segments.bytes(segments.allocate(kMiB + 512)), kMiB + 512 * kKiB);
  EXPECT_EQ(segments.reserved_bytes(), 20 * kMiB);
}

TEST(CachingSegments, small_blocks_share_a_segment_to_its_last_block) {
  CachingSegments segments;
  for (int i = 0; i < 4096; ++i) segments.allocate(512);
  EXPECT_EQ(segments.reserved_bytes(), 2 * kMiB);
  segments.allocate(512);
  EXPECT_EQ(segments.reserved_bytes(), 4 * kMiB);
}

TEST(CachingSegments, the_two_pools_do_not_lend_each_other) {
  CachingSegments segments;
  segments.release(segments.allocate(100 * kMiB));
  segments.allocate(kMiB);
  EXPECT_EQ(segments.reserved_bytes(), 102 * kMiB);
}

TEST(CachingSegments, the_smallest_block_that_holds_a_request_serves_it) {
  CachingSegments segments;
  const auto large = segments.allocate(40 * kMiB);
  const auto middle = segments.allocate(32 * kMiB);
  segments.release(large);
  segments.release(middle);
  EXPECT_EQ(segments.allocate(30 * kMiB), middle);
  EXPECT_EQ(segments.allocate(30 * kMiB), large);
  EXPECT_EQ(segments.reserved_bytes(), 72 * kMiB);
}

TEST(CachingSegments, the_lowest_of_equal_blocks_serves_a_request) {
  CachingSegments segments;
  const auto first = segments.allocate(16 * kMiB);
  const auto second = segments.allocate(16 * kMiB);
  segments.release(second);
  segments.release(first);
  EXPECT_EQ(segments.allocate(16 * kMiB), first);
}

TEST(CachingSegments, freed_neighbours_of_one_segment_join) {
  CachingSegments segments;
  std::vector<CachingSegments::Address> parts;
  for (int i = 0; i < 4; ++i) parts.push_back(segments.allocate(5 * kMiB));
  ASSERT_EQ(segments.reserved_bytes(), 20 * kMiB);
  for (const size_t part : {1, 3, 0, 2}) segments.release(parts[part]);
  EXPECT_EQ(segments.bytes(segments.allocate(20 * kMiB)), 20 * kMiB);
  EXPECT_EQ(segments.reserved_bytes(), 20 * kMiB);
}

TEST(CachingSegments, neighbours_of_two_segments_do_not_join) {
  CachingSegments segments;
  const auto first = segments.allocate(16 * kMiB);
  const auto second = segments.allocate(16 * kMiB);
  segments.release(first);
  segments.release(second);
  segments.allocate(32 * kMiB);
  EXPECT_EQ(segments.reserved_bytes(), 64 * kMiB);
}

/// Any order of requests: blocks that are held never overlap, and once all are freed a segment is
/// one block again.
TEST(CachingSegments, hold_apart_what_is_held_and_end_as_they_began) {
  std::mt19937 random(7);
  CachingSegments segments;
  segments.release(segments.allocate(64 * kMiB));
  std::map<CachingSegments::Address, int64_t> held;
  const auto end_of = [](const auto& block) {
    return block.first + static_cast<CachingSegments::Address>(block.second);
  };
  for (int i = 0; i < 5000; ++i) {
    if (random() % 2 == 0 && !held.empty()) {
      const auto victim = std::next(held.begin(), static_cast<long>(random() % held.size()));
      segments.release(victim->first);
      held.erase(victim);
      continue;
    }
    const int64_t bytes = 1 + static_cast<int64_t>(random() % (1U << (random() % 25)));
    const auto address = segments.allocate(bytes);
    const auto [at, is_new] = held.emplace(address, segments.bytes(address));
    ASSERT_TRUE(is_new);
    ASSERT_GE(at->second, bytes);
    const auto next = std::next(at);
    ASSERT_TRUE(next == held.end() || end_of(*at) <= next->first);
    ASSERT_TRUE(at == held.begin() || end_of(*std::prev(at)) <= address);
  }
  for (const auto& [address, bytes] : held) segments.release(address);
  const int64_t reserved = segments.reserved_bytes();
  segments.allocate(64 * kMiB);
  EXPECT_EQ(segments.reserved_bytes(), reserved);
}

}  // namespace
}  // namespace worker
