// What reports say of planned and measured memory.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/csv_writer.h"
#include "reports/markdown_run.h"
#include "reports/memory_table.h"
#include "tests/harness/analysis/run_builder.h"

namespace reports {
namespace {

using harness::kGiB;
using harness::kMiB;
using testing::HasSubstr;
using testing::Not;

harness::MemoryFootprint footprint(int64_t peak, std::optional<int64_t> reserved) {
  harness::MemoryFootprint result = harness::make_footprint(peak);
  result.reserved_bytes = reserved;
  return result;
}

/// Of one cell with 1000 MiB planned and 1010 measured.
harness::RunAnalysis analysis_of(std::optional<int64_t> planned_reserved) {
  const harness::Cell cell = harness::make_cell("fused", 4);
  harness::RunInfo info;
  info.plans = {{cell, {footprint(1000 * kMiB, planned_reserved), ""}}};
  harness::Record record = harness::make_passed(cell, 0, 1);
  record.memory.measured = footprint(1010 * kMiB, 2 * kGiB);
  return harness::analyze_run(info, {record}, harness::flag_catalog());
}

TEST(MemoryReports, show_how_far_the_plan_is_off_the_peak_and_what_the_allocator_held) {
  const auto analysis = analysis_of(2000 * kMiB);
  EXPECT_THAT(csv_text(memory_table(analysis)), HasSubstr(",2097152000,2147483648,1,2.4,"));
  EXPECT_THAT(
      memory_section(analysis),
      HasSubstr("| 1000.0 | 1010.0 | 0.0 | +1.00 % | 2000.0 | 2048.0 | +2.40 % | passed |"));
}

TEST(MemoryReports, have_no_columns_of_reserved_memory_that_no_plan_knows) {
  const auto analysis = analysis_of(std::nullopt);
  EXPECT_THAT(csv_text(memory_table(analysis)), HasSubstr(",,2147483648,1,,"));
  EXPECT_THAT(memory_section(analysis), Not(HasSubstr("eserved")));
}

}  // namespace
}  // namespace reports
