#include "harness/analysis/status_change.h"

#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

CellSummary summary_of(const std::optional<Status>& status, const std::string& reason = "") {
  CellSummary summary;
  summary.status = status;
  summary.reason = reason;
  summary.records = status ? 1 : 0;
  if (status == Status::kPassed) summary.rounds = {{0, 1.0}};
  return summary;
}

Verdict verdict_of(const std::optional<Status>& before, const std::optional<Status>& after) {
  return judge_status(summary_of(before), summary_of(after)).verdict;
}

TEST(StatusChange, what_no_longer_fits_fails_and_what_fits_now_improves) {
  EXPECT_EQ(verdict_of(Status::kPassed, Status::kOutOfMemory), Verdict::kFailed);
  EXPECT_EQ(verdict_of(Status::kOutOfMemory, Status::kPassed), Verdict::kImproved);
}

TEST(StatusChange, any_step_from_better_to_worse_fails_and_back_improves) {
  const std::vector<Status> best_to_worst = {Status::kPassed,      Status::kOutOfMemory,
                                             Status::kUnsupported, Status::kTimedOut,
                                             Status::kCrashed,     Status::kIncorrect};
  for (std::size_t better = 0; better < best_to_worst.size(); ++better) {
    for (std::size_t worse = better + 1; worse < best_to_worst.size(); ++worse) {
      EXPECT_EQ(verdict_of(best_to_worst[better], best_to_worst[worse]), Verdict::kFailed);
      EXPECT_EQ(verdict_of(best_to_worst[worse], best_to_worst[better]), Verdict::kImproved);
    }
  }
}

TEST(StatusChange, what_did_not_change_says_by_itself_whether_it_is_good) {
  EXPECT_EQ(verdict_of(Status::kPassed, Status::kPassed), Verdict::kPassed);
  EXPECT_EQ(verdict_of(Status::kOutOfMemory, Status::kOutOfMemory), Verdict::kPassed);
  EXPECT_EQ(verdict_of(Status::kSkipped, Status::kSkipped), Verdict::kSkipped);
  EXPECT_EQ(verdict_of(Status::kUnsupported, Status::kUnsupported), Verdict::kSkipped);
  for (const Status status : {Status::kTimedOut, Status::kCrashed, Status::kMistrusted}) {
    EXPECT_EQ(verdict_of(status, status), Verdict::kInconclusive);
  }
  EXPECT_EQ(verdict_of(Status::kIncorrect, Status::kIncorrect), Verdict::kFailed);
  EXPECT_EQ(verdict_of(std::nullopt, std::nullopt), Verdict::kInconclusive);
}

TEST(StatusChange, what_says_nothing_about_the_build_is_inconclusive) {
  for (const std::optional<Status>& nothing :
       {std::optional(Status::kSkipped), std::optional(Status::kMistrusted),
        std::optional<Status>()}) {
    EXPECT_EQ(verdict_of(Status::kPassed, nothing), Verdict::kInconclusive);
    EXPECT_EQ(verdict_of(nothing, Status::kPassed), Verdict::kInconclusive);
    EXPECT_EQ(verdict_of(nothing, Status::kIncorrect), Verdict::kFailed);
  }
}

TEST(StatusChange, says_why) {
  const StatusChange lost =
      judge_status(summary_of(Status::kPassed), summary_of(Status::kOutOfMemory, "1 byte more"));
  EXPECT_EQ(lost.reason, "passed before, out_of_memory now: 1 byte more");
  const StatusChange won =
      judge_status(summary_of(Status::kCrashed, "SIGSEGV"), summary_of(Status::kPassed));
  EXPECT_EQ(won.reason, "crashed before, passed now: SIGSEGV");
  EXPECT_EQ(judge_status(summary_of(Status::kSkipped, "slow"), summary_of(Status::kSkipped, "slow"))
                .reason,
            "skipped on both sides: slow");
  EXPECT_EQ(judge_status(summary_of(Status::kPassed), summary_of(Status::kPassed)).reason, "");
}

// The interval of paired rounds decides about noise, not the spread of one side.
TEST(StatusChange, rounds_that_passed_and_disagree_have_passed) {
  CellSummary noisy = summary_of(Status::kMistrusted, "half of the rounds are 50 % off");
  noisy.rounds = {{0, 1.0}, {1, 2.0}};
  noisy.records = 2;
  EXPECT_EQ(status_without_noise(noisy), Status::kPassed);
  noisy.records = 3;  // one did not pass
  EXPECT_EQ(status_without_noise(noisy), Status::kMistrusted);
  EXPECT_EQ(status_without_noise(summary_of(std::nullopt)), std::nullopt);
}

}  // namespace
}  // namespace harness
