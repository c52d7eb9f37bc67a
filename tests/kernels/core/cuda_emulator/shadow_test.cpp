#include "kernels/core/cuda_emulator/shadow.h"

#include <array>

#include <gtest/gtest.h>

namespace kernels::cuda_emulator {
namespace {

using View = std::array<uint32_t, kWarpLanes>;

constexpr View kNothingSeen = {};

/// Of a block whose intervals begin with 10, in a launch whose begin with 5.
Moment moment(uint16_t thread, uint32_t interval = 10, uint32_t clock = 1,
              const View& view = kNothingSeen) {
  return {5, 10, interval, clock, thread, view.data()};
}

TEST(ShadowCell, lets_one_thread_do_what_it_likes) {
  ShadowCell cell;
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_EQ(cell.read(moment(3)).conflict, Conflict::kNone);
    EXPECT_EQ(cell.write(moment(3), false).conflict, Conflict::kNone);
    EXPECT_EQ(cell.write(moment(3), true).conflict, Conflict::kNone);
  }
}

TEST(ShadowCell, finds_writes_after_reads_and_reads_after_writes) {
  ShadowCell read;
  read.read(moment(3));
  Finding finding = read.write(moment(40), false);
  EXPECT_EQ(finding.conflict, Conflict::kUnordered);
  EXPECT_FALSE(finding.other_wrote);
  EXPECT_EQ(finding.other_thread, 3);
  ShadowCell written;
  written.write(moment(3), false);
  finding = written.read(moment(4));
  EXPECT_EQ(finding.conflict, Conflict::kUnordered);
  EXPECT_TRUE(finding.other_wrote);
  EXPECT_EQ(finding.other_thread, 3);
  EXPECT_EQ(written.write(moment(4), false).conflict, Conflict::kUnordered);
}

TEST(ShadowCell, is_ordered_by_barriers) {
  ShadowCell cell;
  cell.write(moment(3, 10), false);
  EXPECT_EQ(cell.read(moment(4, 11)).conflict, Conflict::kNone);
  EXPECT_EQ(cell.read(moment(70, 11)).conflict, Conflict::kNone);
  EXPECT_EQ(cell.write(moment(5, 12), false).conflict, Conflict::kNone);
}

TEST(ShadowCell, is_ordered_within_a_warp_by_clocks) {
  View view = {};
  view[3] = 4;
  ShadowCell written;
  written.write(moment(3, 10, 4), false);
  EXPECT_EQ(written.read(moment(7, 10, 1, view)).conflict, Conflict::kNone);
  // Lane 3 of another warp is another thread.
  EXPECT_EQ(written.read(moment(39, 10, 1, view)).conflict, Conflict::kUnordered);
  ShadowCell later;
  later.write(moment(3, 10, 5), false);
  EXPECT_EQ(later.read(moment(7, 10, 1, view)).conflict, Conflict::kUnordered);
}

TEST(ShadowCell, remembers_every_reader) {
  View all_but_one = {};
  all_but_one.fill(9);
  all_but_one[8] = 0;
  ShadowCell one_warp;
  for (const uint16_t reader : {5, 8, 20}) one_warp.read(moment(reader));
  const Finding finding = one_warp.write(moment(20, 10, 1, all_but_one), false);
  EXPECT_EQ(finding.conflict, Conflict::kUnordered);
  EXPECT_EQ(finding.other_thread, 8);
  all_but_one[8] = 1;
  EXPECT_EQ(one_warp.write(moment(20, 10, 1, all_but_one), false).conflict, Conflict::kNone);
  ShadowCell two_warps;
  two_warps.read(moment(5));
  two_warps.read(moment(37));
  two_warps.read(moment(5));
  EXPECT_EQ(two_warps.write(moment(5, 10, 1, all_but_one), false).conflict, Conflict::kUnordered);
  EXPECT_EQ(two_warps.write(moment(5, 11), false).conflict, Conflict::kNone);
}

TEST(ShadowCell, takes_a_later_reader_for_those_before_it) {
  View view = {};
  view[5] = 1;
  ShadowCell cell;
  cell.read(moment(5, 10, 1));
  cell.read(moment(6, 10, 2, view));
  View last = {};
  last[6] = 2;
  last[5] = 1;
  EXPECT_EQ(cell.write(moment(7, 10, 3, last), false).conflict, Conflict::kNone);
}

TEST(ShadowCell, lets_atomics_meet_each_other_alone) {
  ShadowCell cell;
  EXPECT_EQ(cell.write(moment(3), true).conflict, Conflict::kNone);
  EXPECT_EQ(cell.write(moment(40), true).conflict, Conflict::kNone);
  EXPECT_EQ(cell.read(moment(3)).conflict, Conflict::kUnordered);
  EXPECT_EQ(cell.write(moment(3), false).conflict, Conflict::kUnordered);
}

TEST(ShadowCell, knows_blocks_and_launches) {
  const Moment earlier_block = {5, 7, 8, 1, 0, kNothingSeen.data()};
  const Moment later_launch = {20, 21, 21, 1, 0, kNothingSeen.data()};
  ShadowCell written;
  written.write(earlier_block, false);
  EXPECT_EQ(written.read(moment(0)).conflict, Conflict::kOtherBlock);
  EXPECT_EQ(written.read(later_launch).conflict, Conflict::kNone);
  ShadowCell read;
  read.read(earlier_block);
  EXPECT_EQ(read.read(moment(0)).conflict, Conflict::kNone);
  EXPECT_EQ(read.write(moment(0), false).conflict, Conflict::kOtherBlock);
  EXPECT_EQ(read.write(later_launch, false).conflict, Conflict::kNone);
  ShadowCell added;
  added.write(earlier_block, true);
  EXPECT_EQ(added.write(moment(0), true).conflict, Conflict::kNone);
}

TEST(ShadowCell, is_not_touched_in_flight) {
  ShadowCell cell;
  cell.write(moment(3), false);
  cell.set_in_flight(true);
  EXPECT_EQ(cell.read(moment(3)).conflict, Conflict::kInFlight);
  EXPECT_EQ(cell.write(moment(3), false).conflict, Conflict::kInFlight);
  cell.set_in_flight(false);
  EXPECT_EQ(cell.read(moment(3)).conflict, Conflict::kNone);
}

}  // namespace
}  // namespace kernels::cuda_emulator
