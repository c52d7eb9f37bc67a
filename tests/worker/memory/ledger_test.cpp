#include "worker/memory/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/memory/rounding.h"

namespace worker {
namespace {

using train::Phase;

TEST(Rounding, goes_up_to_the_granularity_and_keeps_nothing_at_nothing) {
  EXPECT_EQ(rounded_bytes(0, kCpuGranularity), 0);
  EXPECT_EQ(rounded_bytes(1, kCpuGranularity), 64);
  EXPECT_EQ(rounded_bytes(64, kCpuGranularity), 64);
  EXPECT_EQ(rounded_bytes(65, kCudaGranularity), 512);
}

TEST(Ledger, a_block_that_outlives_its_phase_gets_that_phases_category) {
  Ledger ledger;
  ledger.allocate(1);
  ledger.enter(Phase::kForward);
  ledger.allocate(20);
  ledger.enter(Phase::kBackward);
  ledger.allocate(300);
  ledger.enter(Phase::kOptimizer);
  ledger.allocate(4000);
  ledger.enter(Phase::kForward);
  const harness::BytesByCategory expected{
      .weights = 1, .gradients = 300, .optimizer_state = 4000, .saved_activations = 20};
  EXPECT_EQ(ledger.live(), expected);
  EXPECT_EQ(ledger.footprint().at_peak, expected);
  EXPECT_EQ(ledger.footprint().peak_bytes, 4321);
}

TEST(Ledger, a_block_of_the_peak_that_is_freed_in_its_phase_was_workspace) {
  Ledger ledger;
  ledger.enter(Phase::kForward);
  const auto temporary = ledger.allocate(100);
  ledger.allocate(10);
  ledger.release(temporary);
  ledger.allocate(5);
  ledger.enter(Phase::kBackward);
  const auto footprint = ledger.footprint();
  EXPECT_EQ(footprint.peak_bytes, 110);
  EXPECT_EQ(footprint.peak_phase, "forward");
  EXPECT_EQ(footprint.at_peak,
            (harness::BytesByCategory{.saved_activations = 10, .workspace = 100}));
}

TEST(Ledger, a_block_made_after_the_peak_does_not_change_what_the_peak_held) {
  Ledger ledger;
  ledger.enter(Phase::kForward);
  const auto first = ledger.allocate(100);
  ledger.release(first);
  const auto later = ledger.allocate(50);
  ledger.release(later);
  EXPECT_EQ(ledger.footprint().at_peak, (harness::BytesByCategory{.workspace = 100}));
}

TEST(Ledger, blocks_freed_in_a_later_phase_were_no_workspace_at_the_peak) {
  Ledger ledger;
  ledger.enter(Phase::kForward);
  const auto saved = ledger.allocate(100);
  ledger.enter(Phase::kBackward);
  ledger.release(saved);
  EXPECT_EQ(ledger.footprint().at_peak, (harness::BytesByCategory{.saved_activations = 100}));
}

TEST(Ledger, the_same_phase_entered_again_is_another_phase) {
  Ledger ledger;
  ledger.enter(Phase::kForward);
  const auto saved = ledger.allocate(7);
  ledger.enter(Phase::kForward);
  ledger.release(saved);
  EXPECT_EQ(ledger.footprint().at_peak, (harness::BytesByCategory{.saved_activations = 7}));
  EXPECT_EQ(ledger.live_bytes(), 0);
}

TEST(Ledger, scratch_is_what_it_adds_to_the_tensors_peak) {
  Ledger ledger;
  ledger.enter(Phase::kForward);
  ledger.allocate(10);
  const auto scratch = ledger.allocate(100, true);
  ledger.release(scratch);
  ledger.allocate(40);
  const auto footprint = ledger.footprint();
  EXPECT_EQ(footprint.peak_bytes, 110);
  EXPECT_EQ(footprint.library_scratch_bytes, 60);
  EXPECT_EQ(footprint.at_peak, (harness::BytesByCategory{.saved_activations = 50, .other = 60}));
}

TEST(Ledger, a_block_found_out_to_be_scratch_leaves_the_tensors_peak) {
  Ledger ledger;
  ledger.enter(Phase::kForward);
  ledger.allocate(10);
  auto block = ledger.allocate(100);
  ledger.reclassify_as_scratch(block);
  ledger.release(block);
  const auto footprint = ledger.footprint();
  EXPECT_EQ(footprint.peak_bytes, 110);
  EXPECT_EQ(footprint.library_scratch_bytes, 100);
  EXPECT_EQ(ledger.live_bytes(), 10);
}

TEST(Ledger, categories_sum_to_the_peak_under_random_traffic) {
  Ledger ledger;
  std::vector<Allocation> live;
  uint32_t state = 1;
  const auto random = [&state](uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % below;
  };
  for (int i = 0; i < 20000; ++i) {
    if (random(50) == 0) ledger.enter(static_cast<Phase>(random(4)));
    if (live.empty() || random(2) == 0) {
      live.push_back(ledger.allocate(random(1000) + 1, random(10) == 0));
    } else {
      std::swap(live[random(static_cast<uint32_t>(live.size()))], live.back());
      ledger.release(live.back());
      live.pop_back();
    }
  }
  int64_t expected_live = 0;
  for (const auto& allocation : live) expected_live += allocation.bytes;
  EXPECT_EQ(ledger.live_bytes(), expected_live);
  EXPECT_EQ(ledger.live().total(), expected_live);
  const auto footprint = ledger.footprint();
  EXPECT_EQ(footprint.at_peak.total(), footprint.peak_bytes);
  EXPECT_GT(footprint.at_peak.workspace, 0);
}

}  // namespace
}  // namespace worker
