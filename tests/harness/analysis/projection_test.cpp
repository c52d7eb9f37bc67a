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

TEST(Projection, is_of_the_cell_that_it_is_given) {
  const std::vector<CellGroup> groups = summarize_cells(
      {}, {make_passed(make_cell("fused", 8, {"remove_padding"}), 0, 2)}, flag_catalog());
  const Projection projection = project_finetuning(groups[0], groups[0].cells[0]);
  EXPECT_EQ(projection.implementation, "fused");
  EXPECT_EQ(projection.flags, "remove_padding");
  EXPECT_EQ(projection.work, "without padding");
  EXPECT_EQ(projection.micro_batch, 8);
  EXPECT_DOUBLE_EQ(projection.samples_per_second, 4);
  EXPECT_DOUBLE_EQ(projection.seconds, 177282 / 4.0);
}

TEST(Projection, names_what_is_not_fine_tuning) {
  Cell cell = make_cell("fused", 4);
  cell.sequence_length = 384;
  EXPECT_EQ(difference_from_finetuning(cell), "");
  cell.model.gelu = "tanh";
  EXPECT_EQ(difference_from_finetuning(cell), "") << "no size";
  cell.sequence_length = 192;
  EXPECT_EQ(difference_from_finetuning(cell), "sequence length 192 instead of 384");
  cell.model.layers = 2;
  EXPECT_EQ(difference_from_finetuning(cell),
            "minilm-l6 with layers 2 instead of 6, sequence length 192 instead of 384");
  cell.model.hidden = 768;
  cell.sequence_length = 384;
  EXPECT_EQ(difference_from_finetuning(cell),
            "minilm-l6 with layers 2 instead of 6, hidden 768 instead of 384");
  cell.model.preset = "config.json";
  EXPECT_EQ(difference_from_finetuning(cell), "");
}

}  // namespace
}  // namespace harness
