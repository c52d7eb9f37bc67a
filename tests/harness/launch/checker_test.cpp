#include "harness/launch/checker.h"

#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

CheckResult check_doing(const std::string& what, double timeout_s = 20) {
  stubs::set_behaviour({{"check", {{"", what}}}});
  auto cell = stubs::make_cell();
  cell.measure.timeout_s = timeout_s;
  Checker checker({.program = stubs::worker_path()});
  return checker.check(cell);
}

TEST(Checker, returns_what_the_worker_found) {
  const auto passed = check_doing("pass");
  EXPECT_EQ(passed.status, Status::kPassed);
  EXPECT_EQ(passed.worst_tensor, "loss");
  const auto incorrect = check_doing("incorrect");
  EXPECT_EQ(incorrect.status, Status::kIncorrect);
  EXPECT_EQ(incorrect.reason, "the stub says so");
}

TEST(Checker, a_check_that_fails_to_run_proves_nothing) {
  for (const auto* what : {"SIGSEGV", "exit3", "garbage", "none"}) {
    const auto result = check_doing(what);
    EXPECT_EQ(result.status, Status::kMistrusted) << what;
    EXPECT_THAT(result.reason, ::testing::StartsWith("the correctness check proved nothing: "));
  }
  EXPECT_EQ(check_doing("sleep", 0.2).status, Status::kMistrusted);
}

TEST(Checker, a_result_that_cannot_be_proves_nothing) {
  for (const auto& [what, reason] : std::map<std::string, std::string>{
           {"passed_over_tolerance", "with an error above its tolerance"},
           {"passed_below_zero", "with an error above its tolerance"},
           {"passed_without_tensors", "without comparing a tensor"},
           {"two_line_reason", "several lines"},
           {"skipped", "a check is passed, incorrect, mistrusted or unsupported"},
           {"out_of_memory", "a check is passed, incorrect, mistrusted or unsupported"}}) {
    const auto result = check_doing(what);
    EXPECT_EQ(result.status, Status::kMistrusted) << what;
    EXPECT_THAT(result.reason, ::testing::HasSubstr(reason)) << what;
  }
}

TEST(Checker, runs_once_for_each_combination) {
  const stubs::TemporaryDirectory directory;
  const auto log = directory.path() / "log";
  stubs::set_behaviour({{"log", log.string()}});
  Checker checker({.program = stubs::worker_path()});
  auto cell = stubs::make_cell("fused", 4);
  checker.check(cell);
  cell.micro_batch = 8;  // not part of the combination, nor are these:
  cell.model.layers = 24;
  cell.device.memory_limit_bytes = 1;
  checker.check(cell);
  cell.flags = {"gelu_checkpoint"};
  checker.check(cell);
  cell.precision = "bf16";
  checker.check(cell);
  cell.model.layer_norm = "pre";
  checker.check(cell);
  cell.model.gelu = "tanh";
  checker.check(cell);
  checker.check(stubs::make_cell("pytorch_eager", 4));
  std::ifstream file(log);
  EXPECT_EQ(std::count(std::istreambuf_iterator<char>(file), {}, '\n'), 6);
}

}  // namespace
}  // namespace harness
