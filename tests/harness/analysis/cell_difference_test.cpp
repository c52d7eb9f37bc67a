#include "harness/analysis/cell_difference.h"

#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

TEST(CellDifference, names_what_changes_the_numbers) {
  const Cell cell = make_cell("fused", 8);
  EXPECT_EQ(cell_difference(cell, cell), "");
  Cell other = cell;
  other.global_batch = 16;
  other.measure.threads = 2;
  other.device.memory_limit_bytes.reset();
  EXPECT_EQ(cell_difference(cell, other),
            "device.memory_limit_bytes, global_batch, measure.threads");
  other = cell;
  other.model.layers = 1;
  EXPECT_EQ(cell_difference(cell, other), "model.layers");
}

TEST(CellDifference, does_not_count_how_often_it_was_measured_and_where_the_data_lies) {
  Cell cell = make_cell("fused", 8);
  cell.data = {"windows", "/here/windows.safetensors"};
  Cell other = cell;
  other.measure.rounds = 1;
  other.measure.steps = 99;
  other.measure.timeout_s = 1;
  other.data.file = "/there/windows.safetensors";
  EXPECT_EQ(cell_difference(cell, other), "");
  other.data.file = "/here/others.safetensors";
  EXPECT_EQ(cell_difference(cell, other), "data.file");
}

}  // namespace
}  // namespace harness
