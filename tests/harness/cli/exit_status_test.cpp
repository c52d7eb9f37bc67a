#include "harness/cli/exit_status.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/launch/launcher.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

const DeviceStatus kThere = {"cpu", true, ""};
const DeviceStatus kAbsent = {"cuda", false, "no driver"};

Record record_of(const Cell& cell, int64_t round, Status status) {
  Record record = record_without_worker(cell, round, status, "why");
  if (status == Status::kPassed) record.samples = {1.0};
  return record;
}

int status_of(const DeviceStatus& device, const std::vector<Record>& records) {
  return exit_status(judge_cells(device, summarize_cells({}, records, Catalog{})));
}

/// Of a run that has one cell of each status, one round each.
int status_of(const DeviceStatus& device, const std::vector<Status>& statuses) {
  std::vector<Record> records;
  for (const auto status : statuses) {
    const auto micro_batch = static_cast<int64_t>(records.size()) + 1;
    records.push_back(record_of(stubs::make_cell("fused", micro_batch), 0, status));
  }
  return status_of(device, records);
}

/// Rounds of one cell that passed in these seconds a step.
std::vector<Record> passed_rounds(const Cell& cell, const std::vector<double>& seconds) {
  std::vector<Record> records;
  for (const double value : seconds) {
    const auto round = static_cast<int64_t>(records.size());
    records.push_back(record_of(cell, round, Status::kPassed));
    records.back().samples = {value};
  }
  return records;
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
  EXPECT_EQ(status_of(kThere, std::vector<Record>{}), 5);
  EXPECT_EQ(status_of(kThere, {Status::kIncorrect}), 5);
}

// Median 3 s, median distance from it 1 s: 33 %.
TEST(ExitStatus, a_cell_whose_rounds_disagree_is_mistrusted_though_each_record_passed) {
  auto records = passed_rounds(stubs::make_cell("pytorch_eager"), {2, 2, 2, 4, 4, 4});
  EXPECT_EQ(status_of(kThere, records), 5);
  const auto quiet = passed_rounds(stubs::make_cell("fused"), {1, 1, 1, 1, 1, 1});
  records.insert(records.end(), quiet.begin(), quiet.end());
  EXPECT_EQ(status_of(kThere, records), 3);
  EXPECT_EQ(status_of(kThere, quiet), 0);
}

TEST(ExitStatus, a_cell_of_which_one_round_failed_did_not_pass) {
  auto records = passed_rounds(stubs::make_cell(), {1, 1});
  records.push_back(record_of(stubs::make_cell(), 2, Status::kCrashed));
  EXPECT_EQ(status_of(kThere, records), 5);
}

TEST(ExitStatus, nothing_can_pass_where_the_device_is_absent) {
  EXPECT_EQ(status_of(kAbsent, {Status::kUnsupported}), 6);
}

TEST(ExitStatus, a_run_that_does_not_end_with_0_says_why_unless_it_was_said) {
  const auto text = [](const Outcome& outcome) { return outcome_text(outcome, "the log"); };
  EXPECT_THAT(text({.inconclusive = true}), testing::HasSubstr("(exit status 3)"));
  EXPECT_EQ(text({.incorrect = true, .inconclusive = true}),
            "a cell failed the correctness gate; the log says which and how (exit status 4)");
  EXPECT_EQ(text({.nothing_passed = true}),
            "no cell passed; the log says why of each (exit status 5)");
  EXPECT_EQ(text({}), "");
  EXPECT_EQ(text({.device_absent = true}), "");
  EXPECT_EQ(text({.interrupted = true, .inconclusive = true}), "");
}

}  // namespace
}  // namespace harness
