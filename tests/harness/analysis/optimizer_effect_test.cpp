#include "harness/analysis/optimizer_effect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

class OptimizerEffects : public testing::Test {
 protected:
  OptimizerEffects() { info_.axes = {"implementation", "precision", "optimizer", "micro_batch"}; }

  static Cell cell(const std::string& implementation, const std::string& optimizer,
                   const std::vector<std::string>& flags = {}) {
    Cell result = make_cell(implementation, 8, flags);
    result.optimizer = optimizer;
    return result;
  }
  void add(const Cell& of, const std::vector<double>& seconds, int64_t peak_bytes = 0) {
    int64_t round = 0;
    for (const double value : seconds) {
      records_.push_back(make_passed(of, round++, value, 8, peak_bytes));
    }
  }
  std::vector<OptimizerEffect> effects() const {
    return derive_optimizer_effects(info_, summarize_cells(info_, records_, flag_catalog()));
  }

  RunInfo info_;
  std::vector<Record> records_;
};

// Ratios 2, 2, 2, 1, 4, 2 of rounds with the same number; the ratio of the medians is 2 as well,
// the interval is the range.
TEST_F(OptimizerEffects, are_paired_ratios_of_cells_that_differ_in_nothing_else) {
  add(cell("fused", "adamw"), {4, 4, 4, 2, 8, 4}, 100);
  add(cell("fused", "fused_adamw"), {2, 2, 2, 2, 2, 2}, 80);
  const std::vector<OptimizerEffect> rows = effects();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(rows[0].axes, testing::ElementsAre("fp32"));
  EXPECT_EQ(rows[0].implementation, "fused");
  EXPECT_EQ(rows[0].micro_batch, 8);
  EXPECT_EQ(rows[0].reference.optimizer, "adamw");
  EXPECT_EQ(rows[0].reference.peak_bytes, 100);
  EXPECT_EQ(rows[0].candidate.optimizer, "fused_adamw");
  EXPECT_EQ(rows[0].candidate.peak_bytes, 80);
  EXPECT_DOUBLE_EQ(*rows[0].speedup, 2);
  EXPECT_DOUBLE_EQ(rows[0].interval.value().low, 1);
  EXPECT_DOUBLE_EQ(rows[0].interval.value().high, 4);
}

TEST_F(OptimizerEffects, compare_neither_implementations_nor_flags) {
  add(cell("pytorch_eager", "adamw"), {8});
  add(cell("fused", "adamw"), {4});
  add(cell("fused", "adamw", {"remove_padding"}), {2});
  add(cell("pytorch_eager", "fused_adamw"), {6});
  add(cell("fused", "fused_adamw"), {2});
  add(cell("fused", "fused_adamw", {"remove_padding"}), {0.5});
  const std::vector<OptimizerEffect> rows = effects();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].implementation, "pytorch_eager");
  EXPECT_DOUBLE_EQ(*rows[0].speedup, 8.0 / 6);
  EXPECT_EQ(rows[1].flags, "none");
  EXPECT_DOUBLE_EQ(*rows[1].speedup, 2);
  EXPECT_EQ(rows[2].work, "without padding");
  EXPECT_DOUBLE_EQ(*rows[2].speedup, 4);
}

TEST_F(OptimizerEffects, a_side_that_did_not_pass_gives_no_ratio) {
  add(cell("fused", "adamw"), {4});
  records_.push_back(make_failed(cell("fused", "fused_adamw"), 0, Status::kCrashed, "signal 11"));
  const std::vector<OptimizerEffect> rows = effects();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_FALSE(rows[0].speedup);
  EXPECT_EQ(rows[0].candidate.status, Status::kCrashed);
}

TEST_F(OptimizerEffects, one_optimizer_has_none) {
  add(cell("pytorch_eager", "fused_adamw"), {4});
  add(cell("fused", "fused_adamw"), {2});
  EXPECT_TRUE(effects().empty());
}

}  // namespace
}  // namespace harness
