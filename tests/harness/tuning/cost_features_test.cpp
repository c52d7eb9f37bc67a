#include "harness/tuning/cost_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

using testing::ElementsAre;

std::vector<std::string> names_of(const CostFeatures& features) {
  std::vector<std::string> names;
  for (const CostTerm& term : features.terms()) {
    names.push_back(std::string(to_string(term.kind)) + " " + term.subject);
  }
  return names;
}

TEST(CostFeatures, has_a_term_for_everything_that_tells_cells_apart) {
  auto cells = small_grid();
  cells.push_back(tuning_cell("fused", 2));
  cells.back().optimizer = "fused_adamw";
  const CostFeatures features(cells);
  EXPECT_THAT(names_of(features),
              ElementsAre("implementation pytorch_eager", "implementation fused",
                          "micro_batch pytorch_eager", "micro_batch fused", "large_micro_batch ",
                          "optimizer fused_adamw", "flag activation_checkpoint",
                          "flag gelu_checkpoint", "flag normalize_invertible"));
  EXPECT_THAT(features.row(cells.back()), ElementsAre(0, 1, 0, 1, 0, 1, 0, 0, 0));
  EXPECT_THAT(features.row(tuning_cell("fused", 12, {"gelu_checkpoint"})),
              ElementsAre(0, 1, 0, 2.0 / 12, 1, 0, 0, 1, 0));
  EXPECT_THAT(features.row(tuning_cell("pytorch_eager", 4, {"activation_checkpoint"})),
              ElementsAre(1, 0, 0.5, 0, 0.2, 0, 1, 0, 0));
}

TEST(CostFeatures, one_micro_batch_and_one_optimizer_need_no_terms) {
  const CostFeatures features({tuning_cell("fused", 4), tuning_cell("fused", 4, {"a"})});
  EXPECT_THAT(names_of(features), ElementsAre("implementation fused", "flag a"));
}

TEST(CostFeatures, two_micro_batches_need_one_term_an_implementation) {
  const CostFeatures features({tuning_cell("fused", 4), tuning_cell("fused", 8)});
  EXPECT_THAT(names_of(features), ElementsAre("implementation fused", "micro_batch fused"));
}

TEST(CostFeatures, nothing_has_no_terms) {
  EXPECT_TRUE(CostFeatures({}).terms().empty());
}

}  // namespace
}  // namespace harness
