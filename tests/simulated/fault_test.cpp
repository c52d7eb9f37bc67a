#include "simulated/fault.h"

#include <gtest/gtest.h>

#include "tests/simulated/simulated_cells.h"

namespace simulated {
namespace {

/// In how many of the cell's rounds it is struck.
int struck_rounds(const harness::Cell& cell) {
  int count = 0;
  for (int64_t round = 0; round < cell.measure.rounds; ++round) {
    count += find_fault(cell, round).has_value();
  }
  return count;
}

TEST(Fault, strikes_one_round_of_a_cell) {
  EXPECT_EQ(struck_rounds(make_faulty_cell(make_fault("crash"))), 1);
  EXPECT_EQ(struck_rounds(make_faulty_cell(make_fault("crash", 0))), 0);
}

TEST(Fault, strikes_the_share_of_cells_that_it_says) {
  int struck = 0;
  for (int64_t micro_batch = 1; micro_batch <= 2000; ++micro_batch) {
    auto cell = make_faulty_cell(make_fault("crash", 0.1));
    cell.micro_batch = micro_batch;
    struck += struck_rounds(cell);
  }
  EXPECT_NEAR(struck, 200, 67);  // five standard deviations of a binomial
}

TEST(Fault, sticky_errors_and_drift_last_from_their_round_on) {
  for (const auto* kind : {"sticky_error", "drift"}) {
    auto fault = make_fault(kind);
    fault.round = 2;
    const auto cell = make_faulty_cell(fault);
    EXPECT_FALSE(find_fault(cell, 1)) << kind;
    EXPECT_TRUE(find_fault(cell, 2)) << kind;
    EXPECT_TRUE(find_fault(cell, 100)) << kind;
  }
}

TEST(Fault, strikes_only_cells_that_its_condition_holds_for) {
  auto fault = make_fault("crash");
  fault.when = {{"implementation", "fused"}, {"micro_batch", "4"}};
  auto cell = make_faulty_cell(fault);
  EXPECT_EQ(struck_rounds(cell), 1);
  cell.micro_batch = 5;
  EXPECT_EQ(struck_rounds(cell), 0);
}

TEST(Fault, out_of_memory_strikes_above_its_bytes) {
  auto fault = make_fault("out_of_memory");
  fault.above_bytes = 1400;
  EXPECT_EQ(struck_rounds(make_faulty_cell(fault)), 0);
  fault.above_bytes = 1399;
  EXPECT_EQ(struck_rounds(make_faulty_cell(fault)), 1);
}

TEST(Fault, the_first_that_strikes_is_the_round_s) {
  auto cell = make_cell();
  auto never = make_fault("hang", 0);
  auto crash = make_fault("crash");
  crash.round = 0;
  auto drift = make_fault("drift");
  drift.round = 0;
  cell.device.simulated->faults = {never, crash, drift};
  EXPECT_EQ(find_fault(cell, 0)->kind, "crash");
  EXPECT_EQ(find_fault(cell, 1)->kind, "drift");
}

TEST(Fault, an_incorrect_check_is_no_fault_of_a_round) {
  const auto cell = make_faulty_cell(make_fault("incorrect"));
  EXPECT_EQ(struck_rounds(cell), 0);
  EXPECT_TRUE(fails_check(cell));
  EXPECT_FALSE(fails_check(make_faulty_cell(make_fault("incorrect", 0))));
  EXPECT_FALSE(fails_check(make_faulty_cell(make_fault("crash"))));
}

}  // namespace
}  // namespace simulated
