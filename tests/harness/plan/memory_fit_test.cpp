#include "harness/plan/memory_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace harness {
namespace {

using testing::ElementsAre;

Cell cell_of(int64_t micro_batch, std::vector<std::string> flags = {}) {
  Cell cell;
  cell.implementation = "fused";
  cell.micro_batch = micro_batch;
  cell.flags = std::move(flags);
  cell.device = {"cpu", 1100, 100};
  return cell;
}

Plan plan_of(int64_t peak_bytes) {
  MemoryFootprint footprint;
  footprint.peak_bytes = peak_bytes;
  return {footprint, ""};
}

TEST(MemoryFit, compares_the_peak_with_what_the_reserve_leaves) {
  EXPECT_TRUE(fits(cell_of(1), plan_of(1000)));
  EXPECT_FALSE(fits(cell_of(1), plan_of(1001)));
  EXPECT_FALSE(fits(cell_of(1), Plan{std::nullopt, "no"}));
  Cell unlimited = cell_of(1);
  unlimited.device.memory_limit_bytes.reset();
  EXPECT_TRUE(fits(unlimited, plan_of(int64_t{1} << 60)));
  EXPECT_FALSE(clearly_too_large(unlimited, plan_of(int64_t{1} << 60)));
}

TEST(MemoryFit, a_clear_margin_is_more_than_five_percent) {
  EXPECT_FALSE(clearly_too_large(cell_of(1), plan_of(1050)));
  EXPECT_TRUE(clearly_too_large(cell_of(1), plan_of(1051)));
}

TEST(Boundaries, are_the_last_that_fits_and_the_first_that_does_not) {
  const std::vector<Cell> cells = {cell_of(32), cell_of(4), cell_of(16), cell_of(8)};
  const std::vector<Plan> plans = {plan_of(4000), plan_of(500), plan_of(2000), plan_of(1000)};
  EXPECT_THAT(find_boundaries(cells, plans), ElementsAre(false, false, true, true));
}

TEST(Boundaries, a_smallest_micro_batch_that_does_not_fit_is_one) {
  EXPECT_THAT(find_boundaries({cell_of(4), cell_of(8)}, {plan_of(1500), plan_of(3000)}),
              ElementsAre(true, false));
}

TEST(Boundaries, each_flag_set_has_its_own) {
  const std::vector<Cell> cells = {cell_of(4), cell_of(4, {"gelu_checkpoint"}), cell_of(8),
                                   cell_of(8, {"gelu_checkpoint"})};
  const std::vector<Plan> plans = {plan_of(900), plan_of(500), plan_of(1800), plan_of(1000)};
  EXPECT_THAT(find_boundaries(cells, plans), ElementsAre(true, false, true, false));
}

TEST(Boundaries, cells_without_a_plan_have_none) {
  EXPECT_THAT(find_boundaries({cell_of(4)}, {Plan{std::nullopt, "no"}}), ElementsAre(false));
}

}  // namespace
}  // namespace harness
