#include "harness/analysis/throughput.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

std::vector<RoundTime> rounds_of(const std::vector<double>& seconds, int64_t first = 0) {
  std::vector<RoundTime> rounds;
  for (const double value : seconds) rounds.push_back({first++, value});
  return rounds;
}

TEST(Throughput, a_round_is_the_median_of_its_samples_a_sequence) {
  Record record = make_passed(make_cell("fused", 8), 3, 1, 16);
  record.samples = {9, 2, 4};
  EXPECT_EQ(round_time(record), (RoundTime{3, 0.25}));
}

TEST(Throughput, a_passed_record_without_usable_samples_is_refused_by_name) {
  const Record good = make_passed(make_cell("fused", 8, {"gelu_checkpoint"}), 3, 1);
  std::vector<Record> bad(5, good);
  bad[0].samples.clear();
  bad[1].samples[1] = std::nan("");
  bad[2].samples[0] = 0;
  bad[3].samples[2] = -1;
  bad[4].sequences_per_sample = 0;
  for (const Record& record : bad) {
    try {
      round_time(record);
      FAIL() << "accepted";
    } catch (const HarnessError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("fused at micro-batch 8, flags gelu_checkpoint, "
                                                   "round 3"));
    }
  }
}

// Pooled, the samples' median would be 1; by round it is the median of {1, 3, 3}.
TEST(Throughput, rounds_are_never_pooled) {
  std::vector<RoundTime> rounds;
  const Cell cell = make_cell("fused", 1);
  for (const auto& samples : std::vector<std::vector<double>>{{1, 1, 1, 1, 1, 1, 1}, {3}, {3}}) {
    Record record = make_passed(cell, static_cast<int64_t>(rounds.size()), 1, 1);
    record.samples = samples;
    rounds.push_back(round_time(record));
  }
  EXPECT_DOUBLE_EQ(*samples_per_second(rounds), 1.0 / 3);
}

TEST(Throughput, no_rounds_have_no_rate) {
  EXPECT_FALSE(samples_per_second({}));
}

// Ratios 2, 2, 4, 1, 2, 8: median 2, and of six rounds the interval is the whole range.
TEST(Throughput, time_ratio_is_the_median_of_the_rounds_ratios) {
  const auto ratio = time_ratio(rounds_of({2, 4, 8, 1, 2, 8}), rounds_of({1, 2, 2, 1, 1, 1}));
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->ratio, 2);
  ASSERT_TRUE(ratio->interval);
  EXPECT_DOUBLE_EQ(ratio->interval->low, 1);
  EXPECT_DOUBLE_EQ(ratio->interval->high, 8);
}

TEST(Throughput, time_ratio_uses_common_rounds_only) {
  const std::vector<RoundTime> numerator = {{0, 100}, {2, 6}, {5, 8}, {7, 100}};
  const std::vector<RoundTime> denominator = {{1, 1}, {2, 2}, {3, 1}, {5, 2}};
  const auto ratio = time_ratio(numerator, denominator);
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->ratio, std::sqrt(3.0 * 4.0));  // the mean of two logs
  EXPECT_FALSE(ratio->interval);
  EXPECT_FALSE(time_ratio(rounds_of({1, 2}), rounds_of({1, 2}, 2)));
}

}  // namespace
}  // namespace harness
