#include "harness/launch/tracer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using ::testing::HasSubstr;

class Tracer : public ::testing::Test {
 protected:
  CellTrace trace_doing(const std::string& what, double timeout_s = 20) const {
    stubs::set_behaviour({{"trace", {{"", what}}}});
    auto cell = stubs::make_cell();
    cell.measure.timeout_s = timeout_s;
    cell.measure.threads = 3;
    return trace(cell, directory_.path(), "step.json", {.program = stubs::worker_path()});
  }

  stubs::TemporaryDirectory directory_;
};

TEST_F(Tracer, returns_the_step_and_leaves_the_file) {
  const auto traced = trace_doing("pass");
  EXPECT_EQ(traced.failure, "");
  EXPECT_EQ(traced.file, "step.json");
  EXPECT_EQ(traced.cell.measure.threads, 3);
  ASSERT_TRUE(traced.step.has_value());
  EXPECT_EQ(traced.step->step_seconds, 0.5);
  EXPECT_EQ(traced.step->threads, 3);
  EXPECT_EQ(traced.step->operators.size(), 2U);
  EXPECT_TRUE(std::filesystem::exists(directory_.path() / "step.json"));
}

TEST_F(Tracer, whatever_the_worker_does_is_a_failed_trace_with_its_reason) {
  const std::pair<const char*, const char*> failures[] = {
      {"SIGSEGV", "killed by SIGSEGV"},
      {"exit3", "exit status 3: cannot go on"},
      {"garbage", "what is not JSON"},
      {"none", "wrote nothing"},
      {"negative_time", "/operators/1/self_seconds: is too small"},
      {"no_file", "the worker did not write "}};
  for (const auto& [what, reason] : failures) {
    std::filesystem::remove(directory_.path() / "step.json");
    const auto traced = trace_doing(what);
    EXPECT_FALSE(traced.step.has_value()) << what;
    EXPECT_THAT(traced.failure, HasSubstr(reason)) << what;
  }
  EXPECT_THAT(trace_doing("sleep", 0.2).failure, HasSubstr("did not end within 0.2 s"));
}

}  // namespace
}  // namespace harness
