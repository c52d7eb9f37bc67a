#include <algorithm>

#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// Gates the stub worker against a second one that does what it is told separately.
class Gate : public DriverFixture {
 protected:
  /// A worker beside the usual one. `when` is a shell condition: where it fails, the script is {}.
  static std::string other_worker(const json& script = json::object(),
                                  const std::string& when = "true") {
    write_file("other_worker", "#!/bin/sh\nSTUB_WORKER='{}'\nif " + when + "; then STUB_WORKER='" +
                                   script.dump() + "'; fi\nexport STUB_WORKER\nexec " +
                                   stubs::worker_path().string() + " \"$@\"\n");
    fs::permissions("other_worker", fs::perms::owner_all);
    return (fs::current_path() / "other_worker").string();
  }

  static json one_cell() {
    auto sweep = small_sweep();
    sweep["axes"]["implementation"] = {"fused"};
    sweep["axes"]["micro_batch"] = {4};
    sweep["baseline"] = "fused";
    return sweep;
  }

  static harness::ProcessResult gate(const json& sweep, std::vector<std::string> arguments) {
    write_file("sweep.json", sweep.dump());
    arguments.insert(arguments.begin(), {"gate", "sweep.json", "--out", "out"});
    return run(arguments);
  }
  static harness::ProcessResult gate_against_worker(const json& sweep,
                                                    const json& script = json::object()) {
    return gate(sweep, {"--against-worker", other_worker(script)});
  }

  static json verdicts() { return json::parse(read_file("out/gate.json")); }
};

TEST_F(Gate, passes_a_build_that_is_as_before_and_keeps_both_sides) {
  const auto result = gate_against_worker(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.output, HasSubstr("small: passed (4 cells: 4 passed)\n"));
  EXPECT_EQ(lines_of("out/before/records.jsonl").size(), 40u);
  EXPECT_EQ(lines_of("out/after/records.jsonl").size(), 40u);
  for (const auto* file : {"out/gate.json", "out/gate.xml", "out/gate.md"}) {
    EXPECT_TRUE(fs::exists(file)) << file;
  }
  EXPECT_FALSE(fs::exists("out/again"));
  EXPECT_EQ(verdicts()["cells"][0]["time"]["pairs"], 10);
  for (const std::string side : {"before", "after"}) {
    EXPECT_EQ(run_plain({"report", "out/" + side}).exit.exit_code, 0) << side;
  }
}

TEST_F(Gate, each_round_runs_both_sides_next_to_each_other) {
  const auto log = fs::current_path() / "log";
  gate_against_worker(one_cell(), {{"log", log.string()}});
  const auto lines = lines_of(log);
  ASSERT_EQ(lines.size(), 22u);  // a check a side, then ten rounds a side
  for (std::size_t i = 2; i < lines.size(); i += 2) EXPECT_EQ(lines[i], lines[i + 1]);
}

TEST_F(Gate, fails_a_slower_build_only_after_a_second_measurement_says_so) {
  tell_workers({{"round_scales", {1.1}}});
  const auto result = gate_against_worker(one_cell());
  EXPECT_EQ(result.exit.exit_code, 1) << result.error_tail;
  EXPECT_THAT(result.output,
              HasSubstr("a step takes +10.00 % (+10.00 % to +10.00 %), the budget is "
                        "3 %; measured twice, first +10.00 %"));
  EXPECT_EQ(lines_of("out/again/before/records.jsonl").size(), 10u);
  EXPECT_EQ(lines_of("out/again/after/records.jsonl").size(), 10u);
  EXPECT_EQ(verdicts()["cells"][0]["first_time"]["verdict"], "failed");
  EXPECT_THAT(read_file("out/gate.xml"), HasSubstr("failures=\"1\""));
}

TEST_F(Gate, an_alarm_that_a_second_measurement_does_not_repeat_is_cleared) {
  // Faster before, and only at first.
  const auto worker = other_worker({{"round_scales", {0.8}}}, "[ ! -e out/again ]");
  const auto result = gate(one_cell(), {"--against-worker", worker});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_EQ(verdicts()["cells"][0]["verdict"], "passed");
  EXPECT_EQ(verdicts()["cells"][0]["first_time"]["verdict"], "failed");
}

TEST_F(Gate, measures_again_only_the_cells_that_failed) {
  tell_workers({{"run", {{"fused/4", "slower"}}}});
  const auto result = gate_against_worker(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 1) << result.error_tail;
  EXPECT_EQ(lines_of("out/again/after/records.jsonl").size(), 10u);
  EXPECT_EQ(verdicts()["counts"], json::parse(R"({"passed": 3, "improved": 0, "skipped": 0,
                                                  "inconclusive": 0, "failed": 1})"));
}

TEST_F(Gate, a_faster_build_improves) {
  tell_workers({{"round_scales", {0.9}}});
  const auto result = gate_against_worker(one_cell());
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_EQ(verdicts()["verdict"], "improved");
}

// Ratios 0.9 and 1.1 in turn: the interval holds both.
TEST_F(Gate, noise_above_the_budget_is_exit_status_3) {
  tell_workers({{"round_scales", {0.9, 1.1}}});
  const auto result = gate_against_worker(one_cell());
  EXPECT_EQ(result.exit.exit_code, 3) << result.error_tail;
  EXPECT_EQ(verdicts()["verdict"], "inconclusive");
}

TEST_F(Gate, budgets_come_from_the_sweep_and_the_command_line) {
  tell_workers({{"round_scales", {1.04}}});
  auto sweep = one_cell();
  EXPECT_EQ(gate_against_worker(sweep).exit.exit_code, 1);
  fs::remove_all("out");
  const auto worker = other_worker();
  EXPECT_EQ(gate(sweep, {"--against-worker", worker, "--shared-runner"}).exit.exit_code, 0);
  fs::remove_all("out");
  sweep["gate"] = {{"cells", {{{"when", {{"implementation", "fused"}}}, {"time_budget", "10 %"}}}}};
  EXPECT_EQ(gate(sweep, {"--against-worker", worker}).exit.exit_code, 0);
  EXPECT_EQ(verdicts()["cells"][0]["time"]["budget"], 0.1);
}

TEST_F(Gate, more_memory_fails_at_once) {
  tell_workers({{"step_bytes", (1 << 20) * 2}});
  const auto result = gate_against_worker(one_cell());
  EXPECT_EQ(result.exit.exit_code, 1) << result.error_tail;
  EXPECT_THAT(result.output, HasSubstr("the peak is +100.00 % (8388608 bytes, 4194304 before)"));
  EXPECT_FALSE(fs::exists("out/again"));
}

TEST_F(Gate, what_no_longer_fits_fails_and_what_fits_now_improves) {
  auto sweep = small_sweep();
  tell_workers({{"run", {{"fused/8", "out_of_memory"}}}});
  const auto result = gate_against_worker(sweep, {{"run", {{"pytorch_eager/8", "out_of_memory"}}}});
  EXPECT_EQ(result.exit.exit_code, 1) << result.error_tail;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("passed → out_of_memory"), HasSubstr("out_of_memory → passed")));
  EXPECT_EQ(verdicts()["counts"]["improved"], 1);
  EXPECT_EQ(verdicts()["counts"]["failed"], 1);
}

TEST_F(Gate, an_incorrect_build_is_exit_status_4) {
  tell_workers({{"check", {{"fused", "incorrect"}}}});
  EXPECT_EQ(gate_against_worker(small_sweep()).exit.exit_code, 4);
}

TEST_F(Gate, a_build_that_passes_nowhere_is_exit_status_5) {
  tell_workers({{"run", {{"", "exit3"}}}});
  EXPECT_EQ(gate_against_worker(one_cell()).exit.exit_code, 5);
}

TEST_F(Gate, an_absent_device_is_exit_status_6) {
  auto sweep = one_cell();
  sweep["device"] = {{"kind", "cuda"}};
  tell_workers({{"plan", "absent"}});
  const auto result = gate_against_worker(sweep, {{"plan", "absent"}});
  EXPECT_EQ(result.exit.exit_code, 6) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("no CUDA device was found"));
}

TEST_F(Gate, interrupted_it_keeps_what_was_measured) {
  tell_workers({{"run", {{"fused/4/3", "interrupt_driver"}}}});
  const auto result = gate_against_worker(one_cell());
  EXPECT_EQ(result.exit.exit_code, 130) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("interrupted; the records so far are in out"));
  EXPECT_EQ(lines_of("out/after/records.jsonl").size(), 3u);
  EXPECT_FALSE(fs::exists("out/gate.json"));
}

TEST_F(Gate, against_a_run_memory_and_status_decide_and_time_does_not) {
  write_file("sweep.json", small_sweep().dump());
  run({"sweep.json", "--out", "kept"});
  tell_workers({{"round_scales", {9}}});
  const auto same = gate(small_sweep(), {"--against-run", "kept"});
  EXPECT_EQ(same.exit.exit_code, 0) << same.error_tail;
  EXPECT_EQ(lines_of("out/after/records.jsonl").size(), 4u);
  EXPECT_FALSE(fs::exists("out/before"));
  EXPECT_TRUE(verdicts()["cells"][0]["time"].is_null());
  EXPECT_EQ(verdicts()["before"], "kept");

  fs::remove_all("out");
  tell_workers({{"step_bytes", (1 << 20) + 6000}});  // 0.57 % more
  EXPECT_EQ(gate(small_sweep(), {"--against-run", "kept"}).exit.exit_code, 1);
}

TEST_F(Gate, a_filter_keeps_some_cells_and_loses_none) {
  write_file("sweep.json", small_sweep().dump());
  run({"sweep.json", "--out", "kept"});
  const auto result = gate(small_sweep(), {"--against-run", "kept", "--filter", "micro_batch=8"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_EQ(verdicts()["cells"].size(), 2u);
}

TEST_F(Gate, against_a_run_of_other_cells_it_is_inconclusive) {
  write_file("sweep.json", one_cell().dump());
  run({"sweep.json", "--out", "kept"});
  const auto result = gate(small_sweep(), {"--against-run", "kept"});
  EXPECT_EQ(result.exit.exit_code, 3) << result.error_tail;
  EXPECT_THAT(result.output, HasSubstr("new: there is no such cell before"));

  fs::remove_all("out");
  auto sweep = one_cell();
  sweep["global_batch"] = 16;
  const auto other = gate(sweep, {"--against-run", "kept"});
  EXPECT_EQ(other.exit.exit_code, 3) << other.error_tail;
  EXPECT_THAT(other.output, HasSubstr("measured it with another global_batch"));
}

// What CI gates on must stay readable: the sweep and the run are in the tree.
TEST_F(Gate, the_kept_run_is_one_of_this_schema) {
  const auto kept = std::string(BENCH_SOURCE_DIR) + "/tests/sweep/gate_ci";
  const auto result = run_plain({"compare", kept, kept});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.output, HasSubstr("1.00 over 1 cell; 2 cells did not pass"));
}

class GateUsage : public Gate {
 protected:
  static void expect_refused(const harness::ProcessResult& result, const std::string& what) {
    EXPECT_EQ(result.exit.exit_code, 2) << result.error_tail;
    EXPECT_THAT(result.error_tail, AllOf(::testing::StartsWith("bench_sweep: "), HasSubstr(what)));
    EXPECT_EQ(std::count(result.error_tail.begin(), result.error_tail.end(), '\n'), 1);
    EXPECT_FALSE(fs::exists("out"));
    EXPECT_FALSE(fs::exists("log"));
  }
};

TEST_F(GateUsage, needs_something_to_gate_against) {
  expect_refused(gate(one_cell(), {}), "nothing to gate against; name another build's worker");
  expect_refused(gate(one_cell(), {"--against-worker", other_worker(), "--against-run", "kept"}),
                 "--against-run");
  expect_refused(gate(one_cell(), {"--against-worker", "nowhere"}), "no worker program at nowhere");
  expect_refused(gate(one_cell(), {"--against-run", "nowhere"}), "nowhere is not a run directory");
}

TEST_F(GateUsage, needs_six_rounds_for_an_interval) {
  expect_refused(gate(one_cell(), {"--against-worker", other_worker(), "--rounds", "5"}),
                 "--rounds: 5 are too few for an interval; give at least 6");
  expect_refused(gate(one_cell(), {"--against-worker", other_worker(), "--rounds", "0"}),
                 "--rounds");
}

TEST_F(GateUsage, refuses_a_bad_budget) {
  auto sweep = one_cell();
  sweep["gate"] = {{"time_budget", 3}};
  expect_refused(gate(sweep, {"--against-worker", other_worker()}), "/gate/time_budget");
}

/// On the simulated device: both sides of a change in one sweep.
class SimulatedGate : public Gate {
 protected:
  static json slowdown() {
    auto sweep =
        json::parse(read_file(std::string(BENCH_SOURCE_DIR) + "/sweeps/simulated_slowdown.json"));
    sweep["data"]["file"] =
        std::string(BENCH_SOURCE_DIR) + "/sweeps/data/squad_train_384_512.safetensors";
    return sweep;
  }
  static harness::ProcessResult run_simulated(const std::string& command, const json& sweep,
                                              const std::vector<std::string>& options = {}) {
    write_file("sweep.json", sweep.dump());
    std::vector<std::string> arguments = {command, "sweep.json", "--out", "out", "--quiet"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_plain(arguments);
  }
};

TEST_F(SimulatedGate, a_slowdown_of_ten_percent_is_exit_status_1) {
  const auto result = run_simulated("gate", slowdown());
  EXPECT_EQ(result.exit.exit_code, 1) << result.error_tail;
  EXPECT_EQ(verdicts()["counts"]["failed"], 3) << result.output;  // fused, which became slower
  EXPECT_EQ(verdicts()["counts"]["passed"], 3) << result.output;
  EXPECT_NE(verdicts()["cells"][1]["time"]["ratio"], verdicts()["cells"][1]["first_time"]["ratio"]);
}

TEST_F(SimulatedGate, no_change_passes_and_noise_is_inconclusive) {
  auto sweep = slowdown();
  sweep["device"]["simulated"].erase("after");
  EXPECT_EQ(run_simulated("gate", sweep).exit.exit_code, 0);
  fs::remove_all("out");
  sweep["device"]["simulated"]["noise"]["round"] = 0.2;
  EXPECT_EQ(run_simulated("gate", sweep).exit.exit_code, 3);
}

TEST_F(SimulatedGate, what_became_incorrect_is_exit_status_4) {
  auto sweep = slowdown();
  sweep["device"]["simulated"]["after"] = {
      {"faults", {{{"kind", "incorrect"}, {"when", {{"implementation", "fused"}}}}}}};
  EXPECT_EQ(run_simulated("gate", sweep).exit.exit_code, 4);
  EXPECT_EQ(verdicts()["counts"]["failed"], 3);  // fused
  // Either side may be compared with the other as runs are.
  EXPECT_EQ(run_plain({"compare", "out/before", "out/after"}).exit.exit_code, 0);
}

TEST_F(SimulatedGate, gates_of_a_self_test_have_noise_of_their_own) {
  const auto result = run_simulated("selftest", slowdown(), {"--runs", "2"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail << result.output;
  const auto test = json::parse(read_file("out/selftest.json"));
  EXPECT_EQ(test["alarms"]["of"], 12);
  EXPECT_EQ(test["slower"]["of"], 12);  // no ratio is 1
  EXPECT_NE(test["gates"][0]["cells"][0]["time"]["ratio"],
            test["gates"][1]["cells"][0]["time"]["ratio"]);
}

using SelfTestCommand = Gate;

TEST_F(SelfTestCommand, publishes_how_often_it_fails_a_build_against_itself) {
  write_file("sweep.json", one_cell().dump());
  const auto result = run({"selftest", "sweep.json", "--out", "out", "--runs", "3"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.output, HasSubstr("0 of 3, 0.00 % (0.00 % to 70.76 %)"));  // SciPy, as below
  EXPECT_THAT(result.error_tail, HasSubstr("3 of 3 gates in out\n"));
  const auto test = json::parse(read_file("out/selftest.json"));
  EXPECT_EQ(test["false_alarms"]["of"], 3);
  // scipy.stats.binomtest(0, 3).proportion_ci(0.95, 'exact').high
  EXPECT_NEAR(test["failed_gates"]["interval"][1].get<double>(), 0.7075982261787133, 1e-12);
  EXPECT_EQ(test["gates"].size(), 3u);
  EXPECT_NE(test["gates"][0]["seed"], test["gates"][1]["seed"]);
  EXPECT_TRUE(fs::exists("out/gate-003/gate.json"));
  EXPECT_EQ(lines_of("out/gate-002/after/records.jsonl").size(), 10u);
}

TEST_F(SelfTestCommand, interrupted_it_says_what_the_gates_so_far_have_shown) {
  tell_workers({{"run", {{"fused/4/0", "interrupt_driver"}}}});
  write_file("sweep.json", one_cell().dump());
  const auto result = run({"selftest", "sweep.json", "--out", "out"});
  EXPECT_EQ(result.exit.exit_code, 130) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("interrupted; 0 of 1 gates in out\n"));
}

}  // namespace
}  // namespace apps
