#include "harness/tuning/screening.h"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tuning/cost_model.h"
#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

std::vector<std::size_t> all_of(const std::vector<Cell>& cells) {
  std::vector<std::size_t> indices(cells.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

TEST(Screening, as_many_cells_as_terms_determine_all_of_them) {
  const auto cells = small_grid();
  const CostFeatures features(cells);
  const auto chosen = choose_screening(features, cells, {}, all_of(cells), features.terms().size());
  ASSERT_EQ(chosen.size(), 8U);
  std::vector<CostModel::Observation> observations;
  for (const std::size_t i : chosen) observations.push_back({features.row(cells[i]), -4});
  const CostModel model(features.terms(), observations);
  for (std::size_t i = 0; i < features.terms().size(); ++i) {
    EXPECT_LT(model.coefficients()[i].deviation, 0.2) << features.terms()[i].subject;
  }
}

// Variances of the prior: fused without flags 1 + 1 = 2 at the smallest micro-batch, with one flag
// 2.25, with two 2.5.
TEST(Screening, begins_with_what_is_least_known_and_takes_the_first_of_equals) {
  const std::vector<Cell> cells = {
      tuning_cell("fused", 4), tuning_cell("fused", 2), tuning_cell("fused", 2, {"a"}),
      tuning_cell("fused", 2, {"a", "b"}), tuning_cell("fused", 2, {"a", "b"})};
  EXPECT_THAT(choose_screening(CostFeatures(cells), cells, {}, all_of(cells), 1),
              testing::ElementsAre(3));
  EXPECT_THAT(choose_screening(CostFeatures(cells), cells, {}, {0, 1, 2}, 1),
              testing::ElementsAre(2));
}

TEST(Screening, does_not_ask_again_about_what_is_known) {
  const std::vector<Cell> cells = {tuning_cell("fused", 2), tuning_cell("pytorch_eager", 2)};
  EXPECT_THAT(choose_screening(CostFeatures(cells), cells, {0}, all_of(cells), 1),
              testing::ElementsAre(1));
}

TEST(Screening, ends_with_what_is_available) {
  const auto cells = small_grid();
  EXPECT_EQ(choose_screening(CostFeatures(cells), cells, {}, {3, 5}, 7).size(), 2U);
  EXPECT_TRUE(choose_screening(CostFeatures(cells), cells, {}, {}, 7).empty());
}

}  // namespace
}  // namespace harness
