#include "harness/store/open_run.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "harness/launch/launcher.h"
#include "harness/store/run_directory.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Record record(int64_t round) {
  return record_without_worker(stubs::make_cell(), round, Status::kCrashed, "why");
}

class OpenRunTest : public ::testing::Test {
 protected:
  static RunOrigin here(const std::string& time = "2026-01-02T03:04:05Z") {
    return {.sweep = {{"name", "quick"}, {"sweep file", "0123"}},
            .starts = {{time, 0, {{"processors", "8"}}, {{"worker", "12"}}}}};
  }
  /// What a start of `origin` leaves that is killed after it recorded `rounds`.
  void killed_after(const std::vector<int64_t>& rounds, const RunOrigin& origin = here()) {
    OpenRun run(directory_.path(), origin, ResumePolicy{});
    for (const auto round : rounds) run.append(record(round));
  }
  std::string refusal(const RunOrigin& origin, const ResumePolicy& policy = {}) {
    try {
      OpenRun(directory_.path(), origin, policy);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  }
  RunOrigin stored_origin() const { return read_origin(directory_.path()).value(); }

  stubs::TemporaryDirectory directory_;
};

TEST_F(OpenRunTest, of_a_new_run_says_where_its_records_come_from) {
  OpenRun run(directory_.path(), here(), std::nullopt);
  EXPECT_THAT(run.records(), IsEmpty());
  EXPECT_EQ(stored_origin(), here());
  run.append(record(0));
  EXPECT_THAT(run.records(), ElementsAre(record(0)));
}

TEST_F(OpenRunTest, of_a_new_run_never_touches_one_that_is_there) {
  killed_after({0});
  EXPECT_THROW(OpenRun(directory_.path(), here("later"), std::nullopt), HarnessError);
  EXPECT_EQ(stored_origin(), here());
}

TEST_F(OpenRunTest, goes_on_with_what_was_recorded) {
  killed_after({0, 1});
  OpenRun run(directory_.path(), here("2026-01-03T00:00:00Z"), ResumePolicy{});
  EXPECT_THAT(run.records(), ElementsAre(record(0), record(1)));
  EXPECT_THAT(run.notes(), IsEmpty());
  const auto origin = stored_origin();
  ASSERT_EQ(origin.starts.size(), 2u);
  EXPECT_EQ(origin.starts[1].first_record, 2);
  EXPECT_EQ(origin.starts[1].time, "2026-01-03T00:00:00Z");
}

TEST_F(OpenRunTest, begins_where_there_is_nothing_yet) {
  EXPECT_EQ(refusal(here()), "no error");
  EXPECT_EQ(stored_origin(), here());
  // Killed between the two first files.
  std::filesystem::remove(directory_.path() / "origin.json");
  EXPECT_EQ(refusal(here()), "no error");
}

TEST_F(OpenRunTest, forgets_starts_that_recorded_nothing) {
  killed_after({});
  auto elsewhere = here("2026-01-03T00:00:00Z");
  elsewhere.starts[0].machine["processors"] = "2";
  EXPECT_EQ(refusal(elsewhere), "no error");
  EXPECT_EQ(stored_origin(), elsewhere);
}

TEST_F(OpenRunTest, refuses_another_sweep) {
  killed_after({0});
  auto other = here();
  other.sweep["sweep file"] = "4567";
  EXPECT_THAT(refusal(other), AllOf(HasSubstr("it is a run of another sweep"),
                                    HasSubstr("sweep file: 4567, was 0123")));
  other.sweep = here().sweep;
  other.sweep["memory limit"] = "5 bytes";
  EXPECT_THAT(refusal(other), HasSubstr("memory limit: 5 bytes, was none"));
  EXPECT_EQ(stored_origin(), here());
}

TEST_F(OpenRunTest, names_what_differs_in_the_machine_and_can_be_forced) {
  killed_after({0});
  auto other = here();
  other.starts[0].machine = {{"processors", "2"}};
  EXPECT_THAT(refusal(other), AllOf(HasSubstr("another machine (processors: 2, was 8)"),
                                    HasSubstr("--other-machine")));
  EXPECT_EQ(refusal(other, {.other_machine = true}), "no error");
}

TEST_F(OpenRunTest, names_what_differs_in_the_build_and_can_be_forced) {
  killed_after({0});
  auto other = here();
  other.starts[0].build = {{"worker", "34"}};
  EXPECT_THAT(refusal(other), AllOf(HasSubstr("another build of the worker (worker: 34, was 12)"),
                                    HasSubstr("--other-build")));
  EXPECT_EQ(refusal(other, {.other_build = true}), "no error");
}

TEST_F(OpenRunTest, says_that_it_took_a_cut_line_out) {
  killed_after({0, 1});
  const auto file = records_path(directory_.path());
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 7);
  const OpenRun run(directory_.path(), here(), ResumePolicy{});
  EXPECT_THAT(run.records(), ElementsAre(record(0)));
  EXPECT_THAT(run.notes(), ElementsAre(HasSubstr("records.jsonl:2: the last line is cut off")));
}

TEST_F(OpenRunTest, says_that_the_clock_went_backwards) {
  killed_after({0});
  const OpenRun run(directory_.path(), here("1970-01-01T00:00:00Z"), ResumePolicy{});
  EXPECT_THAT(run.notes(), ElementsAre(HasSubstr("the clock went backwards")));
}

TEST_F(OpenRunTest, refuses_records_that_nothing_says_the_origin_of) {
  killed_after({0});
  std::filesystem::remove(directory_.path() / "origin.json");
  EXPECT_THAT(refusal(here()), AllOf(HasSubstr("it has no origin.json"),
                                     HasSubstr("gate, selftest and tune write none"),
                                     HasSubstr("start another run with --out")));
}

TEST_F(OpenRunTest, refuses_where_records_were_taken_out) {
  killed_after({0, 1});
  killed_after({2});
  const auto file = records_path(directory_.path());
  std::ofstream(file, std::ios::trunc) << record_line(record(0));
  EXPECT_THAT(refusal(here()), HasSubstr("has 1 records where origin.json knows of more than 2"));
}

TEST_F(OpenRunTest, is_open_in_one_process_at_a_time) {
  const OpenRun run(directory_.path(), here(), std::nullopt);
  EXPECT_THAT(refusal(here()), HasSubstr("another bench_sweep is writing"));
}

}  // namespace
}  // namespace harness
