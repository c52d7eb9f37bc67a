#include "harness/launch/planner.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

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
                   "worker.py --plan ended with status 0 before it answered; "
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

/// A cell that a copy of the stub measures.
Cell foreign_cell(const stubs::TemporaryDirectory& directory) {
  const auto own = directory.path() / "own.py";
  std::filesystem::copy_file(stubs::worker_path(), own);
  auto cell = stubs::make_cell("foreign", 2);
  cell.worker = {own.string()};
  return cell;
}

TEST(Planner, asks_each_cell_s_own_worker_and_keeps_the_order_of_the_cells) {
  stubs::set_behaviour({{"step_bytes", 1000}});
  const stubs::TemporaryDirectory directory;
  const auto foreign = foreign_cell(directory);
  Planner planner({.program = stubs::worker_path()});
  const auto plans =
      planner.plan({stubs::make_cell("fused", 4), foreign, stubs::make_cell("fused", 8)}).plans;
  ASSERT_EQ(plans.size(), 3u);
  EXPECT_EQ(plans[0].footprint->peak_bytes, 4000);
  EXPECT_EQ(plans[1].footprint->peak_bytes, 4000);  // the stub's "not fused": twice as much
  EXPECT_EQ(plans[2].footprint->peak_bytes, 8000);
}

TEST(Planner, cells_of_a_foreign_worker_that_fails_say_how_and_the_others_have_their_plans) {
  const stubs::TemporaryDirectory directory;
  auto foreign = foreign_cell(directory);
  for (const auto& [behaviour, reason] :
       std::map<std::string, std::string>{{"exit3", "ended with status 3 before it answered"},
                                          {"garbage", "answered wrongly"},
                                          {"short", "0 plans for 1 cells"},
                                          {"negative_bytes", "-5 bytes of memory"},
                                          {"unheard_of_phase", "lunch"}}) {
    stubs::set_behaviour({{"plan", {{"foreign", behaviour}}}});
    Planner planner({.program = stubs::worker_path()});
    const auto reply = planner.plan({foreign, stubs::make_cell()});
    EXPECT_TRUE(reply.device.available) << behaviour;
    EXPECT_FALSE(reply.plans[0].footprint) << behaviour;
    EXPECT_THAT(reply.plans[0].failure_reason, ::testing::HasSubstr(reason)) << behaviour;
    EXPECT_TRUE(reply.plans[1].footprint) << behaviour;
  }
  foreign.worker = {"/nowhere/worker"};
  Planner planner({.program = stubs::worker_path()});
  EXPECT_THAT(planner.plan({foreign}).plans[0].failure_reason,
              ::testing::HasSubstr("/nowhere/worker"));
}

// Whether a machine has a device, a worker alone knows.
TEST(Planner, a_foreign_worker_that_fails_leaves_a_gpu_unknown) {
  stubs::set_behaviour({{"plan", {{"foreign", "exit3"}}}});
  const stubs::TemporaryDirectory directory;
  auto foreign = foreign_cell(directory);
  foreign.device.kind = "cuda";
  auto house = stubs::make_cell();
  house.device.kind = "cuda";
  Planner planner({.program = stubs::worker_path()});
  EXPECT_FALSE(planner.plan({foreign}).device.available);
  const auto both = planner.plan({foreign, house});
  EXPECT_TRUE(both.device.available);
  EXPECT_THAT(both.plans[0].failure_reason, ::testing::HasSubstr("status 3"));
}

TEST(Planner, takes_a_worker_that_cannot_predict_memory) {
  stubs::set_behaviour({{"plan", "unknown_memory"}});
  Planner planner({.program = stubs::worker_path()});
  EXPECT_EQ(planner.plan({stubs::make_cell()}).plans.at(0), Plan());
}

TEST(Planner, cells_of_a_worker_that_lacks_the_device_are_unsupported_where_another_has_it) {
  const stubs::TemporaryDirectory directory;
  const auto without = directory.path() / "without.sh";
  std::ofstream(without) << "#!/bin/sh\nSTUB_WORKER='{\"plan\": \"absent\"}' exec "
                         << stubs::worker_path().string() << " \"$@\"\n";
  std::filesystem::permissions(without, std::filesystem::perms::owner_all);
  stubs::set_behaviour();
  auto foreign = stubs::make_cell("foreign");
  foreign.worker = {without.string()};
  Planner planner({.program = stubs::worker_path()});
  const auto reply = planner.plan({foreign, stubs::make_cell()});
  EXPECT_TRUE(reply.device.available);
  EXPECT_EQ(reply.plans[0], (Plan{std::nullopt, "no driver is loaded"}));
  EXPECT_TRUE(reply.plans[1].footprint);
  EXPECT_FALSE(planner.plan({foreign}).device.available);
}

TEST(Planner, says_how_the_worker_failed) {
  EXPECT_EQ(error_of("exit3"),
            "worker.py --plan ended with status 3 before it answered: cannot go on; "
            "`bench_sweep doctor` looks for the cause");
  EXPECT_EQ(error_of("SIGSEGV"),
            "worker.py --plan was killed by SIGSEGV before it answered: going down; "
            "`bench_sweep doctor` looks for the cause");
  EXPECT_EQ(error_of("sleep", 0.2),
            "worker.py --plan did not answer within 0.2 s; "
            "`bench_sweep doctor` looks for the cause");
  EXPECT_THAT(error_of("garbage"), ::testing::HasSubstr("answered wrongly"));
  EXPECT_THAT(error_of("short"), ::testing::HasSubstr("0 plans for 1 cells"));
  EXPECT_THAT(error_of("other_device"), ::testing::HasSubstr("abacus"));
  EXPECT_THAT(error_of("negative_bytes"), ::testing::HasSubstr("-5 bytes of memory"));
  EXPECT_THAT(error_of("unheard_of_phase"), ::testing::HasSubstr("lunch"));
}

}  // namespace
}  // namespace harness
