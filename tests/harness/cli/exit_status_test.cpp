#include "harness/cli/exit_status.h"

#include <vector>

#include <gtest/gtest.h>

#include "harness/launch/launcher.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

const DeviceStatus kThere = {"cpu", true, ""};
const DeviceStatus kAbsent = {"cuda", false, "no driver"};

std::vector<Record> records(const std::vector<Status>& statuses) {
  std::vector<Record> result;
  for (const auto status : statuses) {
    result.push_back(record_without_worker(stubs::make_cell(), 0, status, "why"));
  }
  return result;
}

int status_of(const DeviceStatus& device, const std::vector<Status>& statuses) {
  return exit_status(judge_records(device, records(statuses)));
}

TEST(ExitStatus, each_outcome_has_its_own) {
  EXPECT_EQ(exit_status({}), 0);
  EXPECT_EQ(exit_status({.gate_failed = true}), 1);
  EXPECT_EQ(exit_status({.usage_error = true}), 2);
  EXPECT_EQ(exit_status({.inconclusive = true}), 3);
  EXPECT_EQ(exit_status({.incorrect = true}), 4);
  EXPECT_EQ(exit_status({.harness_failed = true}), 5);
  EXPECT_EQ(exit_status({.nothing_passed = true}), 5);
  EXPECT_EQ(exit_status({.device_absent = true}), 6);
  EXPECT_EQ(exit_status({.interrupted = true}), 130);
}

TEST(ExitStatus, the_gravest_outcome_wins) {
  // Setting one flag more each time, from the least grave to the gravest.
  const std::vector<std::pair<bool Outcome::*, int>> order = {
      {&Outcome::inconclusive, 3},  {&Outcome::gate_failed, 1},    {&Outcome::device_absent, 6},
      {&Outcome::incorrect, 4},     {&Outcome::harness_failed, 5}, {&Outcome::usage_error, 2},
      {&Outcome::interrupted, 130},
  };
  Outcome outcome;
  for (const auto& [flag, status] : order) {
    outcome.*flag = true;
    EXPECT_EQ(exit_status(outcome), status);
  }
}

TEST(ExitStatus, failed_cells_are_no_failure_of_the_run) {
  EXPECT_EQ(status_of(kThere, {Status::kPassed, Status::kOutOfMemory, Status::kCrashed,
                               Status::kTimedOut, Status::kSkipped, Status::kUnsupported}),
            0);
}

TEST(ExitStatus, an_incorrect_cell_shows) {
  EXPECT_EQ(status_of(kThere, {Status::kPassed, Status::kIncorrect}), 4);
}

TEST(ExitStatus, a_mistrusted_cell_shows_unless_something_graver_happened) {
  EXPECT_EQ(status_of(kThere, {Status::kPassed, Status::kMistrusted}), 3);
  EXPECT_EQ(status_of(kThere, {Status::kPassed, Status::kMistrusted, Status::kIncorrect}), 4);
  EXPECT_EQ(status_of(kThere, {Status::kMistrusted}), 5);
}

TEST(ExitStatus, a_run_in_which_nothing_passed_failed) {
  EXPECT_EQ(status_of(kThere, {Status::kOutOfMemory, Status::kSkipped}), 5);
  EXPECT_EQ(status_of(kThere, {}), 5);
  EXPECT_EQ(status_of(kThere, {Status::kIncorrect}), 5);
}

TEST(ExitStatus, nothing_can_pass_where_the_device_is_absent) {
  EXPECT_EQ(status_of(kAbsent, {Status::kUnsupported}), 6);
}

}  // namespace
}  // namespace harness
