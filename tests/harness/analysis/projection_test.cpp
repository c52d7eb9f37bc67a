#include "harness/analysis/projection.h"

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

TEST(Projection, is_two_epochs_of_the_training_windows) {
  EXPECT_DOUBLE_EQ(finetuning_seconds(1), 177282);
  EXPECT_DOUBLE_EQ(finetuning_seconds(50), 3545.64);
}

TEST(Projection, rejects_impossible_rates) {
  for (const double rate : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    EXPECT_THROW(finetuning_seconds(rate), std::invalid_argument);
  }
}

TEST(Projection, takes_the_fastest_passed_cell_of_each_implementation) {
  const std::vector<Record> records = {
      make_passed(make_cell("pytorch_eager", 4), 0, 8), make_passed(make_cell("fused", 4), 0, 4),
      make_passed(make_cell("fused", 8, {"gelu_checkpoint"}), 0, 2),
      make_failed(make_cell("fused", 16), 0, Status::kOutOfMemory, "full")};
  const std::vector<Projection> projections =
      project_finetuning(summarize_cells({}, records, flag_catalog()));
  ASSERT_EQ(projections.size(), 2U);
  EXPECT_EQ(projections[0].implementation, "pytorch_eager");
  EXPECT_DOUBLE_EQ(projections[0].seconds, 177282);
  EXPECT_EQ(projections[1].flags, "gelu_checkpoint");
  EXPECT_EQ(projections[1].micro_batch, 8);
  EXPECT_DOUBLE_EQ(projections[1].samples_per_second, 4);
  EXPECT_DOUBLE_EQ(projections[1].seconds, 177282 / 4.0);
}

TEST(Projection, keeps_what_computes_something_else_apart) {
  const std::vector<Record> records = {
      make_passed(make_cell("fused", 8), 0, 4),
      make_passed(make_cell("fused", 8, {"remove_padding"}), 0, 2),
      make_passed(make_cell("fused", 8, {"flash_attention", "remove_padding"}), 0, 1)};
  const std::vector<Projection> projections =
      project_finetuning(summarize_cells({}, records, flag_catalog()));
  ASSERT_EQ(projections.size(), 2U);
  EXPECT_EQ(projections[0].flags, "none");
  EXPECT_EQ(projections[0].work, "");
  EXPECT_EQ(projections[1].flags, "flash_attention+remove_padding");
  EXPECT_EQ(projections[1].work, "without padding");
}

}  // namespace
}  // namespace harness
