#include "harness/launch/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

std::string error_of(const std::string& behaviour, double timeout_s = 20) {
  stubs::set_behaviour({{"plan", behaviour}});
  try {
    Planner planner({.program = stubs::worker_path()}, timeout_s);
    planner.plan({stubs::make_cell()});
  } catch (const HarnessError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Planner, answers_many_questions_from_one_process) {
  stubs::set_behaviour({{"step_bytes", 1000}});
  Planner planner({.program = stubs::worker_path()});
  const auto first = planner.plan({stubs::make_cell("fused", 4), stubs::make_cell("fused", 8)});
  ASSERT_EQ(first.plans.size(), 2u);
  EXPECT_TRUE(first.device.available);
  EXPECT_EQ(first.plans[0].footprint->peak_bytes, 4000);
  EXPECT_EQ(first.plans[1].footprint->peak_bytes, 8000);
  EXPECT_EQ(planner.plan({stubs::make_cell("fused", 2)}).plans[0].footprint->peak_bytes, 2000);
}

TEST(Planner, plans_hundreds_of_cells_at_once) {
  stubs::set_behaviour();
  Planner planner({.program = stubs::worker_path()});
  const std::vector<Cell> cells(500, stubs::make_cell());
  EXPECT_EQ(planner.plan(cells).plans.size(), cells.size());
}

TEST(Planner, asks_about_any_number_of_cells_in_parts_and_keeps_their_order) {
  stubs::set_behaviour({{"plan", "at_most_512"}, {"step_bytes", 1000}});
  Planner planner({.program = stubs::worker_path()});
  std::vector<Cell> cells;
  for (int64_t i = 1; i <= 1200; ++i) cells.push_back(stubs::make_cell("fused", i));
  const auto reply = planner.plan(cells);
  ASSERT_EQ(reply.plans.size(), cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ASSERT_EQ(reply.plans[i].footprint->peak_bytes, static_cast<int64_t>(i + 1) * 1000);
  }
}

TEST(Planner, says_each_time_that_the_worker_has_ended) {
  stubs::set_behaviour({{"plan", "once"}});
  Planner planner({.program = stubs::worker_path()});
  EXPECT_EQ(planner.plan({stubs::make_cell()}).plans.size(), 1u);
  for (int again = 0; again < 2; ++again) {
    try {
      planner.plan({stubs::make_cell()});
      ADD_FAILURE() << "nobody was there to answer";
    } catch (const HarnessError& error) {
      EXPECT_STREQ(error.what(),
                   "bench_worker --plan ended with status 0 before it answered; "
                   "`bench_sweep doctor` looks for the cause");
    }
  }
}

TEST(Planner, asks_nothing_about_no_cells) {
  stubs::set_behaviour({{"plan", "exit3"}});
  Planner planner({.program = stubs::worker_path()});
  EXPECT_TRUE(planner.plan({}).plans.empty());
}

TEST(Planner, passes_on_that_the_device_is_absent) {
  stubs::set_behaviour({{"plan", "absent"}});
  Planner planner({.program = stubs::worker_path()});
  const auto reply = planner.plan({stubs::make_cell()});
  EXPECT_FALSE(reply.device.available);
  EXPECT_EQ(reply.device.reason, "no driver is loaded");
}

TEST(Planner, passes_on_why_data_cannot_be_used) {
  stubs::set_behaviour({{"plan", "bad_data"}});
  Planner planner({.program = stubs::worker_path()});
  EXPECT_THAT([&] { planner.plan({stubs::make_cell()}); },
              ::testing::ThrowsMessage<DataError>("q.json: /data: expected an array"));
}

TEST(Planner, says_how_the_worker_failed) {
  EXPECT_EQ(error_of("exit3"),
            "bench_worker --plan ended with status 3 before it answered: cannot go on; "
            "`bench_sweep doctor` looks for the cause");
  EXPECT_EQ(error_of("SIGSEGV"),
            "bench_worker --plan was killed by SIGSEGV before it answered: going down; "
            "`bench_sweep doctor` looks for the cause");
  EXPECT_EQ(error_of("sleep", 0.2),
            "bench_worker --plan did not answer within 0.2 s; "
            "`bench_sweep doctor` looks for the cause");
  EXPECT_THAT(error_of("garbage"), ::testing::HasSubstr("answered wrongly"));
  EXPECT_THAT(error_of("short"), ::testing::HasSubstr("0 plans for 1 cells"));
  EXPECT_THAT(error_of("other_device"), ::testing::HasSubstr("abacus"));
}

}  // namespace
}  // namespace harness
