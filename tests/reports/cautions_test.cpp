#include "reports/cautions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace reports {
namespace {

using harness::Cell;
using harness::kGiB;
using harness::make_cell;
using harness::make_passed;
using harness::make_plan;
using harness::Record;
using harness::Status;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Cell cell_of_two_rounds(int64_t micro_batch) {
  Cell cell = make_cell("fused", micro_batch);
  cell.measure.rounds = 2;
  return cell;
}

std::vector<std::string> cautions_of(const std::vector<harness::PlannedCell>& plans,
                                     const std::vector<Record>& records) {
  harness::RunInfo info;
  info.plans = plans;
  return cautions(harness::analyze_run(info, records, harness::flag_catalog()));
}

TEST(Cautions, a_whole_run_has_none_nor_one_whose_cells_failed_or_do_not_fit) {
  const Cell passed = cell_of_two_rounds(4);
  const Cell crashed = cell_of_two_rounds(8);
  EXPECT_THAT(cautions_of({make_plan(passed, kGiB), make_plan(crashed, kGiB),
                           make_plan(cell_of_two_rounds(16), 3 * kGiB)},
                          {make_passed(passed, 0, 1), make_passed(passed, 1, 1),
                           make_failed(crashed, 0, Status::kCrashed, "signal 11")}),
              IsEmpty());
}

TEST(Cautions, cells_that_lack_rounds_or_were_never_started_are_counted) {
  const Cell half = cell_of_two_rounds(4);
  EXPECT_THAT(cautions_of({make_plan(half, kGiB)}, {make_passed(half, 0, 1)}),
              ElementsAre(HasSubstr("1 cell has fewer rounds")));
  EXPECT_THAT(cautions_of({make_plan(half, kGiB), make_plan(cell_of_two_rounds(8), kGiB)},
                          {make_passed(half, 0, 1)}),
              ElementsAre(HasSubstr("2 cells have fewer rounds")));
}

TEST(Cautions, a_plan_that_missed_a_measured_peak_is_not_to_be_trusted) {
  const Cell cell = cell_of_two_rounds(4);
  const auto measured = [&](int64_t peak) {
    std::vector<Record> records = {make_passed(cell, 0, 1), make_passed(cell, 1, 1)};
    for (Record& record : records) {
      record.memory.measured.emplace();
      record.memory.measured->peak_bytes = peak + 100;
      record.memory.measured->library_scratch_bytes = 100;
    }
    return cautions_of({make_plan(cell, 1000)}, records);
  };
  EXPECT_THAT(measured(1020), IsEmpty());
  EXPECT_THAT(measured(1034),
              ElementsAre(HasSubstr("memory of 1 cell by more than 2 %, by up to 3.4 %")));
  EXPECT_THAT(measured(960), ElementsAre(HasSubstr("by up to 4.0 %")));
}

TEST(Cautions, a_plan_that_missed_what_the_allocator_held_is_not_to_be_trusted_either) {
  const auto plan_of = [](const Cell& cell) {
    auto plan = make_plan(cell, 1000);
    plan.plan.footprint->reserved_bytes = 2000;
    return plan;
  };
  const auto measured = [](const Cell& cell, int64_t round, int64_t reserved) {
    Record record = make_passed(cell, round, 1, 8, 1000);
    record.memory.measured->reserved_bytes = reserved;
    return record;
  };
  const Cell small = cell_of_two_rounds(4);
  const Cell large = cell_of_two_rounds(8);
  EXPECT_THAT(cautions_of({plan_of(small)}, {measured(small, 0, 2040), measured(small, 1, 2040)}),
              IsEmpty());
  EXPECT_THAT(cautions_of({plan_of(small), plan_of(large)},
                          {measured(small, 0, 2100), measured(small, 1, 2100),
                           measured(large, 0, 1800), measured(large, 1, 1800)}),
              ElementsAre(HasSubstr("memory of 2 cells by more than 2 %, by up to 10.0 %")));
}

TEST(Cautions, cells_that_are_mistrusted_put_the_whole_run_in_doubt) {
  const Cell noisy = cell_of_two_rounds(4);
  EXPECT_THAT(
      cautions_of({make_plan(noisy, kGiB)}, {make_passed(noisy, 0, 1), make_passed(noisy, 1, 9)}),
      ElementsAre(HasSubstr("1 cell is mistrusted")));
}

}  // namespace
}  // namespace reports
