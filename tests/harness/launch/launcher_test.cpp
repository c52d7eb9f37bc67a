#include "harness/launch/launcher.h"

#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "machine/processors.h"
#include "tests/harness/launch/alive.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using ::testing::HasSubstr;

Record launch_doing(const std::string& what, double timeout_s = 20) {
  stubs::set_behaviour({{"run", {{"", what}}}});
  auto cell = stubs::make_cell();
  cell.measure.timeout_s = timeout_s;
  return launch(cell, 1, {.program = stubs::worker_path()});
}

void expect_crashed(const std::string& what, const std::string& reason) {
  const auto record = launch_doing(what);
  EXPECT_EQ(record.status, Status::kCrashed) << what;
  EXPECT_THAT(record.reason, HasSubstr(reason)) << what;
  EXPECT_THAT(record.reason, ::testing::Not(HasSubstr("\n"))) << what;
  EXPECT_EQ(record.phase, Phase::kSetup) << what;
  EXPECT_EQ(record.cell, stubs::make_cell()) << what;
  EXPECT_EQ(record.round, 1) << what;
  EXPECT_TRUE(record.samples.empty()) << what;
  EXPECT_EQ(nlohmann::json(record).get<Record>(), record) << what;
}

TEST(Launcher, returns_what_the_worker_reports) {
  const auto record = launch_doing("pass");
  EXPECT_EQ(record.status, Status::kPassed) << record.reason;
  EXPECT_EQ(record.samples, std::vector<double>({0.25, 0.25}));
  EXPECT_EQ(record.sequences_per_sample, 8);
  EXPECT_EQ(record.cell, stubs::make_cell());
  EXPECT_EQ(record.repro, repro_command(record.cell));
}

TEST(Launcher, keeps_the_status_and_phase_that_the_worker_reports) {
  const auto record = launch_doing("out_of_memory");
  EXPECT_EQ(record.status, Status::kOutOfMemory);
  EXPECT_EQ(record.phase, Phase::kBackward);
}

TEST(Launcher, tells_the_worker_how_many_threads_to_use) {
  auto cell = stubs::make_cell();
  stubs::set_behaviour();
  cell.measure.threads = 3;
  EXPECT_EQ(launch(cell, 0, {.program = stubs::worker_path()}).environment.at("threads"), 3);
  cell.measure.threads = 0;
  EXPECT_EQ(launch(cell, 0, {.program = stubs::worker_path()}).environment.at("threads"),
            machine::available_processors());
}

TEST(Launcher, pins_the_worker_s_threads_one_to_a_core_and_in_order) {
  auto cell = stubs::make_cell();
  stubs::set_behaviour();
  cell.measure.pinning = "compact";
  cell.measure.threads = 1;
  const auto processors = machine::one_to_a_core(machine::allowed_processors());
  const auto record = launch(cell, 0, {.program = stubs::worker_path()});
  EXPECT_EQ(record.environment.at("bind"), "close");
  EXPECT_EQ(record.environment.at("places"), fmt::format("{{{}}}", processors.front()));
  cell.measure.threads = static_cast<int64_t>(processors.size());
  EXPECT_EQ(launch(cell, 0, {.program = stubs::worker_path()}).environment.at("places"),
            fmt::format("{{{}}}", fmt::join(processors, "},{")));
  cell.measure.pinning = "none";
  EXPECT_FALSE(launch(cell, 0, {.program = stubs::worker_path()}).environment.contains("places"));
}

TEST(Launcher, times_out_a_worker_that_hangs) {
  const auto record = launch_doing("sleep", 0.3);
  EXPECT_EQ(record.status, Status::kTimedOut);
  EXPECT_THAT(record.reason, HasSubstr("within 0.3 s: about to hang"));
}

TEST(Launcher, asks_a_worker_that_hangs_where_it_is) {
  const auto record = launch_doing("answer_where", 1);
  EXPECT_EQ(record.status, Status::kTimedOut);
  EXPECT_EQ(record.reason,
            "the worker did not end within 1 s; shortly before, it was in forward, "
            "step 3 of 4: about to hang");
  EXPECT_EQ(record.phase, Phase::kForward);
  EXPECT_THAT(launch_doing("answer_nothing", 1).reason,
              HasSubstr("within 1 s and did not answer where it is: about to hang"));
}

TEST(Launcher, places_a_failure_in_the_phase_that_the_worker_named_last) {
  const auto hung = launch_doing("sleep_in_backward", 0.5);
  EXPECT_EQ(hung.status, Status::kTimedOut);
  EXPECT_EQ(hung.phase, Phase::kBackward);
  EXPECT_THAT(hung.reason, HasSubstr("within 0.5 s: about to hang"));
  const auto ended = launch_doing("exit_in_optimizer");
  EXPECT_EQ(ended.status, Status::kCrashed);
  EXPECT_EQ(ended.phase, Phase::kOptimizer);
  EXPECT_THAT(ended.reason, HasSubstr("status 3: phase: unheard of"));
}

TEST(Launcher, times_out_a_worker_that_ignores_polite_signals) {
  EXPECT_EQ(launch_doing("ignore_sigterm", 0.3).status, Status::kTimedOut);
}

TEST(Launcher, names_the_signal_and_the_last_words_of_a_crash) {
  expect_crashed("SIGSEGV", "killed by SIGSEGV: going down");
  expect_crashed("SIGABRT", "killed by SIGABRT");
}

TEST(Launcher, hints_at_memory_when_something_else_killed_the_worker) {
  expect_crashed("SIGKILL", "memory");
}

TEST(Launcher, names_the_exit_status) {
  expect_crashed("exit3", "exit status 3: cannot go on");
}

TEST(Launcher, keeps_the_last_line_of_much_standard_error) {
  expect_crashed("stderr_flood", "exit status 3: cannot go on");
}

TEST(Launcher, refuses_what_is_not_one_record) {
  expect_crashed("garbage", "not JSON: Segmentation fault? no: ? hello");
  expect_crashed("two", "2 lines");
  expect_crashed("none", "nothing");
  expect_crashed("unknown_key", "surprise");
  expect_crashed("key_twice", "/round: the key is given twice");
}

TEST(Launcher, refuses_a_record_of_something_else) {
  expect_crashed("wrong_cell", "another cell");
  expect_crashed("wrong_round", "round 2 where 1");
}

TEST(Launcher, refuses_samples_that_are_no_times) {
  expect_crashed("no_samples", "without samples");
  expect_crashed("zero_sample", "no time");
  expect_crashed("wrong_count", "1 sequences a step where the cell has 8");
  expect_crashed("nan_sample", "not JSON");
  expect_crashed("negative_sample", "negative");
}

TEST(Launcher, refuses_counts_that_cannot_be) {
  expect_crashed("extra_step", "3 samples where the cell has 2 steps");
  expect_crashed("many_tokens", "1000000000 tokens in a step that has room for 3072");
}

TEST(Launcher, refuses_memory_that_no_step_can_have_taken) {
  expect_crashed("negative_bytes", "-1 bytes of memory");
  expect_crashed("parts_do_not_add_up", "bytes that its parts do not add up to");
  expect_crashed("scratch_above_peak", "bytes of scratch in a peak of");
  expect_crashed("unheard_of_phase", "lunch");
}

TEST(Launcher, refuses_an_end_that_contradicts_the_status) {
  expect_crashed("passed_in_backward", "where a passed round stopped");
  expect_crashed("passed_out_of_memory", "what memory a passed round lacked");
  expect_crashed("stopped_nowhere", "did not say where");
}

TEST(Launcher, a_passed_round_stayed_within_the_memory_limit) {
  stubs::set_behaviour({{"run", {{"", "over_the_limit"}}}});
  auto cell = stubs::make_cell();
  cell.device.memory_limit_bytes = 1000;
  const auto record = launch(cell, 0, {.program = stubs::worker_path()});
  EXPECT_EQ(record.status, Status::kCrashed);
  EXPECT_THAT(record.reason, HasSubstr("took 1001 bytes where the memory limit leaves 1000"));
}

TEST(Launcher, refuses_what_the_worker_may_not_say_of_itself) {
  expect_crashed("other_repro", "changed the repro line");
  expect_crashed("planned", "calls planned");
  expect_crashed("environment_text", "something else than an object");
  expect_crashed("environment_flood", "more than 65536");
  expect_crashed("two_line_reason", "a reason of several lines");
}

TEST(Launcher, bounds_the_output) {
  expect_crashed("flood", "more than 16 MiB");
  expect_crashed("flood_100_mib", "more than 16 MiB");
}

TEST(Launcher, a_cell_s_own_worker_measures_it) {
  stubs::set_behaviour({{"run", {{"", "as_claimed"}}}});
  auto cell = stubs::make_cell("foreign");
  cell.worker = {stubs::worker_path().string()};
  const auto record = launch(cell, 0, {.program = "/nowhere/bench_worker"});
  EXPECT_EQ(record.status, Status::kPassed) << record.reason;
  EXPECT_EQ(record.cell, cell);
}

// The stub answers at once and claims two steps of half a second.
TEST(Launcher, a_foreign_worker_cannot_have_spent_more_time_than_it_lived) {
  stubs::set_behaviour();
  auto cell = stubs::make_cell("foreign");
  cell.worker = {stubs::worker_path().string()};
  const auto record = launch(cell, 0, {.program = stubs::worker_path()});
  EXPECT_EQ(record.status, Status::kCrashed);
  EXPECT_THAT(record.reason, HasSubstr("claims steps of 1 s in all and lived for 0."));
}

TEST(Launcher, ends_with_the_worker_though_a_grandchild_holds_the_pipes) {
  const stubs::TemporaryDirectory directory;
  const auto pid_file = directory.path() / "group";
  stubs::set_behaviour({{"run", {{"", "grandchild"}}}, {"pid_file", pid_file.string()}});
  const auto record = launch(stubs::make_cell(), 0, {.program = stubs::worker_path()});
  EXPECT_EQ(record.status, Status::kPassed) << record.reason;
  int grandchild = 0;
  std::ifstream(pid_file) >> grandchild;
  ASSERT_GT(grandchild, 0);
  EXPECT_FALSE(alive(grandchild));
}

TEST(Launcher, leaks_no_descriptors_to_the_worker) {
  const auto record = launch_doing("descriptors");
  // 3 is the directory that the stub lists.
  EXPECT_EQ(record.environment.at("descriptors"), nlohmann::json({0, 1, 2, 3}));
}

TEST(Launcher, a_missing_worker_is_the_harness_s_own_failure) {
  EXPECT_THROW(launch(stubs::make_cell(), 0, {.program = "/nowhere/bench_worker"}), HarnessError);
}

TEST(ReproCommand, survives_a_shell) {
  const auto cell = stubs::make_cell();
  const auto command = repro_command(cell);
  const std::string prefix = "bench_sweep cell ";
  ASSERT_EQ(command.substr(0, prefix.size()), prefix);
  const stubs::TemporaryDirectory directory;
  const auto file = directory.path() / "cell.json";
  const auto shell = "printf %s " + command.substr(prefix.size()) + " > '" + file.string() + "'";
  ASSERT_EQ(std::system(shell.c_str()), 0);
  std::ifstream stream(file);
  EXPECT_EQ(nlohmann::json::parse(stream).get<Cell>(), cell);
}

}  // namespace
}  // namespace harness
