#include "reports/flag_cost_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reports {
namespace {

using harness::FlagCost;
using testing::HasSubstr;

constexpr int64_t kMiB = int64_t{1} << 20;

FlagCost full_cost(const std::string& flags) {
  FlagCost cost;
  cost.flags = flags;
  cost.time_cost_percent = 5;
  cost.memory = {200 * kMiB, "backward", "backward", 200 * kMiB};
  cost.largest_micro_batch_before = 9;
  cost.largest_micro_batch_after = 13;
  cost.net_throughput = {25, 8, 12};
  return cost;
}

TEST(FlagCostText, says_everything_and_what_it_is_relative_to) {
  EXPECT_EQ(flag_cost_sentence(full_cost("gelu_checkpoint")),
            "flag gelu_checkpoint costs 5.0 %, frees 200.0 MiB of the peak (in backward), raises "
            "the largest micro-batch from 9 to 13, net +25.0 % (samples/s at micro-batch 12 with, "
            "over 8 without)");
  EXPECT_THAT(flag_cost_sentence(full_cost("a+b")),
              testing::StartsWith("flags a+b cost 5.0 %, free 200.0 MiB of the peak (in backward), "
                                  "raise the largest"));
}

TEST(FlagCostText, says_what_is_computed_otherwise) {
  FlagCost cost = full_cost("remove_padding");
  cost.work = "without padding";
  EXPECT_THAT(flag_cost_sentence(cost),
              testing::StartsWith("flag remove_padding (without padding) costs 5.0 %, frees"));
}

TEST(FlagCostText, leaves_out_what_nobody_knows) {
  FlagCost cost;
  cost.flags = "gelu_checkpoint";
  EXPECT_EQ(flag_cost_sentence(cost), "flag gelu_checkpoint has no measured time cost");
  cost.flags = "a+b";
  EXPECT_EQ(flag_cost_sentence(cost), "flags a+b have no measured time cost");
}

TEST(FlagCostText, a_largest_micro_batch_may_stay_or_fall) {
  FlagCost cost = full_cost("gelu_checkpoint");
  cost.largest_micro_batch_after = 9;
  EXPECT_THAT(flag_cost_sentence(cost), HasSubstr("leaves the largest micro-batch at 9"));
  cost.largest_micro_batch_after = 8;
  EXPECT_THAT(flag_cost_sentence(cost), HasSubstr("lowers the largest micro-batch from 9 to 8"));
}

TEST(FlagCostText, a_peak_that_stays_says_what_was_not_saved) {
  FlagCost cost = full_cost("gelu_checkpoint");
  cost.memory = {0, "backward", "backward", 24 * kMiB};
  EXPECT_THAT(flag_cost_sentence(cost),
              HasSubstr("frees 0.0 MiB of the peak (in backward); 24.0 MiB of saved activations,"));
}

TEST(FlagCostText, a_peak_in_the_optimizer_holds_no_activations_to_free) {
  FlagCost cost = full_cost("gelu_checkpoint");
  cost.memory = {0, "optimizer", "optimizer", 0};
  EXPECT_THAT(
      flag_cost_sentence(cost),
      HasSubstr("frees 0.0 MiB of the peak (in optimizer, when no activations are held), raises"));
}

TEST(FlagCostText, a_peak_that_moves_says_where_to) {
  FlagCost cost = full_cost("gelu_checkpoint");
  cost.memory = {10 * kMiB, "backward", "optimizer", std::nullopt};
  EXPECT_THAT(flag_cost_sentence(cost),
              HasSubstr("frees 10.0 MiB of the peak (in backward, then in optimizer)"));
}

TEST(FlagCostText, nothing_is_negative_that_shows_as_zero) {
  FlagCost cost = full_cost("gelu_checkpoint");
  cost.time_cost_percent = -0.04;
  cost.memory->freed_bytes = -64;
  cost.net_throughput->percent = -0.04;
  const std::string text = flag_cost_sentence(cost);
  EXPECT_THAT(text, HasSubstr("costs 0.0 %, frees 0.0 MiB"));
  EXPECT_THAT(text, HasSubstr("net +0.0 %"));
}

}  // namespace
}  // namespace reports
