// The worker program of the simulated device, as the driver sees it.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/catalog.h"
#include "harness/launch/checker.h"
#include "harness/launch/launcher.h"
#include "harness/launch/planner.h"
#include "harness/launch/tracer.h"
#include "harness/launch/worker_program.h"
#include "harness/spec/cell_check.h"
#include "harness/spec/sweep_spec.h"
#include "tests/apps/driver_fixture.h"
#include "tests/simulated/simulated_cells.h"

namespace simulated {
namespace {

using harness::Status;
using ::testing::HasSubstr;

harness::WorkerAccess worker() {
  const auto program = harness::worker_program(make_cell().device);
  return {.program = std::filesystem::path(BENCH_BINARY_DIR) / "bin" / program};
}

harness::Record launch_with(harness::SimulatedFault fault, double timeout_s = 20) {
  fault.round = 0;
  auto cell = make_faulty_cell(fault);
  cell.measure.timeout_s = timeout_s;
  return harness::launch(cell, 0, worker());
}

TEST(SimulatedWorker, is_the_program_of_its_device_alone) {
  EXPECT_EQ(harness::worker_program(make_cell().device), "bench_simulated_worker");
  EXPECT_EQ(harness::worker_program(stubs::make_cell().device), "bench_worker");
}

TEST(SimulatedWorker, plans_what_it_then_measures) {
  auto cell = make_cell();
  cell.flags = {"gelu_checkpoint"};
  const auto plan = harness::Planner(worker()).plan({cell}).plans.at(0);
  const auto record = harness::launch(cell, 0, worker());
  EXPECT_EQ(record.status, Status::kPassed) << record.reason;
  EXPECT_EQ(record.memory.measured, plan.footprint);
}

TEST(SimulatedWorker, crashes_in_the_phase_of_the_fault) {
  auto fault = make_fault("crash");
  fault.phase = "optimizer";
  const auto record = launch_with(fault);
  EXPECT_EQ(record.status, Status::kCrashed);
  EXPECT_THAT(record.reason, HasSubstr("SIGSEGV"));
  EXPECT_EQ(record.phase, harness::Phase::kOptimizer);
}

TEST(SimulatedWorker, hangs_in_the_phase_of_the_fault) {
  const auto record = launch_with(make_fault("hang"), 0.3);
  EXPECT_EQ(record.status, Status::kTimedOut);
  EXPECT_EQ(record.phase, harness::Phase::kBackward);
}

TEST(SimulatedWorker, every_form_of_garbage_is_a_crash_that_says_what_it_was) {
  const std::map<std::string, std::string> reasons = {
      {"nothing", "wrote nothing to standard output"},
      {"text", "what is not JSON: terminate called"},
      {"cut_off", "what is not JSON"},
      {"two_records", "2 lines where one was due"},
      {"flood", "more than 16 MiB"},
      {"other_cell", "a record of another cell"},
      {"other_round", "round 1 where 0 was asked for"},
      {"wrong_count", "counted 9 sequences a step where the cell has 8"},
      {"not_finite", "/samples/0: expected a finite number"},
      {"negative_times", "/samples/0: must not be negative"},
      {"unknown_key", "/surprise: unknown key"},
  };
  ASSERT_EQ(reasons.size(), harness::kGarbageForms.size());
  for (const auto& [form, reason] : reasons) {
    auto fault = make_fault("garbage");
    fault.form = form;
    const auto record = launch_with(fault);
    EXPECT_EQ(record.status, Status::kCrashed) << form;
    EXPECT_THAT(record.reason, HasSubstr(reason)) << form;
  }
  EXPECT_EQ(launch_with(make_fault("garbage")).status, Status::kCrashed);  // a form that is drawn
}

TEST(SimulatedWorker, a_check_passes_unless_it_is_made_to_fail) {
  EXPECT_EQ(harness::Checker(worker()).check(make_cell()).status, Status::kPassed);
  const auto failed = harness::Checker(worker()).check(make_faulty_cell(make_fault("incorrect")));
  EXPECT_EQ(failed.status, Status::kIncorrect);
  EXPECT_EQ(failed.reason, "simulated: the loss is wrong");
}

TEST(SimulatedWorker, has_nothing_to_trace) {
  const auto traced = harness::trace(make_cell(), ::testing::TempDir(), "t.json", worker());
  EXPECT_THAT(traced.failure, HasSubstr("runs no operators"));
}

TEST(SimulatedWorker, refuses_cells_of_other_devices) {
  const auto record = harness::launch(stubs::make_cell(), 0, worker());
  EXPECT_EQ(record.status, Status::kCrashed);
  EXPECT_THAT(record.reason, HasSubstr("device kind \"cpu\" is not \"simulated\""));
}

class SimulatedSweep : public apps::DriverFixture {
 protected:
  /// The records of a run, but for what the launch itself took.
  static std::vector<nlohmann::json> records_of(const std::string& run) {
    std::vector<nlohmann::json> records;
    for (const auto& line : lines_of(run + "/records.jsonl")) {
      auto record = nlohmann::json::parse(line);
      record["environment"].erase("launch_seconds");
      record.erase("checksum");
      records.push_back(std::move(record));
    }
    return records;
  }

  /// The small sweep on a simulated device.
  static nlohmann::json simulated_sweep() {
    auto sweep = small_sweep();
    const nlohmann::json implementation = {{"time", {{"base", "4 ms"}, {"sequence", "1 ms"}}},
                                           {"memory", {{"base", "1 MiB"}, {"sequence", "1 MiB"}}}};
    sweep["device"] = {
        {"kind", "simulated"},
        {"simulated",
         {{"implementations", {{"pytorch_eager", implementation}, {"fused", implementation}}},
          {"noise", {{"step", 0.01}, {"round", 0.01}}}}}};
    return sweep;
  }
};

TEST_F(SimulatedSweep, runs_beside_the_driver_and_the_same_seed_gives_the_same_records) {
  write_file("sweep.json", simulated_sweep().dump());
  for (const auto* out : {"first", "second"}) {
    const auto result = run_plain({"sweep.json", "--out", out});
    ASSERT_EQ(result.exit.exit_code, 0) << result.error_tail;
  }
  const auto first = records_of("first");
  EXPECT_EQ(first.size(), 8U);
  EXPECT_EQ(first, records_of("second"));
}

TEST_F(SimulatedSweep, goes_on_after_every_fault) {
  auto sweep = simulated_sweep();
  sweep["axes"]["micro_batch"] = {1, 2, 3, 4, 5, 6, 7};
  sweep["axes"]["implementation"] = {"fused"};
  sweep["baseline"] = "fused";
  sweep["measure"]["timeout"] = "500 ms";
  const auto strike = [](int micro_batch, nlohmann::json fault) {
    fault["when"] = {{"micro_batch", micro_batch}};
    return fault;
  };
  sweep["device"]["simulated"]["implementations"].erase("pytorch_eager");
  sweep["device"]["simulated"]["faults"] = {
      strike(1, {{"kind", "crash"}, {"phase", "setup"}}),
      strike(2, {{"kind", "hang"}}),
      strike(3, {{"kind", "out_of_memory"}}),
      strike(4, {{"kind", "sticky_error"}}),
      strike(5, {{"kind", "garbage"}}),
      strike(6, {{"kind", "drift"}, {"percent_per_step", 1}}),
  };
  write_file("sweep.json", sweep.dump());
  const auto result = run_plain({"sweep.json", "--out", "out"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  std::map<int, std::string> last;
  for (const auto& line : lines_of("out/records.jsonl")) {
    const auto record = nlohmann::json::parse(line);
    last[record.at("cell").at("micro_batch")] = record.at("status");
  }
  EXPECT_THAT(last,
              ::testing::ElementsAre(::testing::Pair(1, "crashed"), ::testing::Pair(2, "timed_out"),
                                     ::testing::Pair(3, "out_of_memory"),
                                     ::testing::Pair(4, "crashed"), ::testing::Pair(5, "crashed"),
                                     ::testing::Pair(6, "passed"), ::testing::Pair(7, "passed")));
}

TEST_F(SimulatedSweep, a_cell_can_be_run_again_from_its_record) {
  write_file("sweep.json", simulated_sweep().dump());
  ASSERT_EQ(run_plain({"sweep.json", "--out", "out"}).exit.exit_code, 0);
  const auto record = nlohmann::json::parse(lines_of("out/records.jsonl").at(0));
  const auto again = run_plain({"cell", record.at("cell").dump()});
  EXPECT_EQ(again.exit.exit_code, 0) << again.error_tail;
  EXPECT_EQ(nlohmann::json::parse(again.output).at("samples"), record.at("samples"));
}

}  // namespace
}  // namespace simulated
