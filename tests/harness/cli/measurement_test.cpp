#include "harness/cli/measurement.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/launch_seconds.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using ::testing::ElementsAre;

class MeasurementTest : public ::testing::Test {
 protected:
  /// pytorch_eager and fused at micro-batch 4, `rounds` rounds each, A B B A.
  static Schedule two_cells(int64_t rounds) {
    Schedule schedule;
    schedule.cells = {{stubs::make_cell("pytorch_eager"), {}, {}, {}},
                      {stubs::make_cell("fused"), {}, {}, {}}};
    for (auto& scheduled : schedule.cells) scheduled.cell.measure.rounds = rounds;
    for (int64_t round = 0; round < rounds; ++round) {
      const std::size_t first = round % 2;
      schedule.launches.push_back({first, round});
      schedule.launches.push_back({1 - first, round});
    }
    return schedule;
  }

  /// What is recorded beyond `recorded`.
  std::vector<Record> run(const Schedule& schedule, nlohmann::json script,
                          const std::vector<Record>& recorded = {}) {
    script["log"] = log_.string();
    stubs::set_behaviour(script);
    std::vector<Record> records;
    Progress progress(StatusLine::Mode::kQuiet, schedule, {});
    measure(
        schedule, {.program = stubs::worker_path()},
        [&](const Record& record) { records.push_back(record); }, progress, recorded);
    return records;
  }

  std::vector<std::string> log_lines() const {
    std::vector<std::string> lines;
    std::ifstream file(log_);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  static std::vector<Status> statuses(const std::vector<Record>& records) {
    std::vector<Status> result;
    for (const auto& record : records) result.push_back(record.status);
    return result;
  }

  stubs::TemporaryDirectory directory_;
  std::filesystem::path log_ = directory_.path() / "log";
};

TEST_F(MeasurementTest, checks_once_and_then_launches_in_the_schedule_s_order) {
  const auto records = run(two_cells(2), nlohmann::json::object());
  EXPECT_EQ(records.size(), 4u);
  EXPECT_THAT(log_lines(),
              ElementsAre("check pytorch_eager 4 0", "check fused 4 0", "run pytorch_eager 4 0",
                          "run fused 4 0", "run fused 4 1", "run pytorch_eager 4 1"));
}

TEST_F(MeasurementTest, records_carry_their_check_and_their_plan) {
  auto schedule = two_cells(1);
  schedule.cells[0].plan.footprint.emplace().peak_bytes = 77;
  const auto records = run(schedule, nlohmann::json::object());
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].memory.planned->peak_bytes, 77);
  EXPECT_EQ(records[0].memory.source, "measured");
  EXPECT_EQ(records[0].check->worst_tensor, "loss");
}

TEST_F(MeasurementTest, records_carry_what_their_worker_took) {
  const auto records = run(two_cells(1), {{"run", {{"fused", "nap"}}}});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_GE(launch_seconds(records[1]).value(), 0.05);  // the nap
  EXPECT_EQ(launch_seconds(records[0]).has_value(), true);
}

TEST_F(MeasurementTest, a_worker_that_crashes_ends_its_cell_and_never_the_sweep) {
  const auto records = run(two_cells(3), {{"run", {{"pytorch_eager/4/1", "SIGSEGV"}}}});
  EXPECT_THAT(statuses(records), ElementsAre(Status::kPassed, Status::kPassed, Status::kPassed,
                                             Status::kCrashed, Status::kPassed));
  EXPECT_EQ(log_lines().back(), "run fused 4 2");
}

TEST_F(MeasurementTest, an_incorrect_cell_is_recorded_once_and_not_timed) {
  const auto records = run(two_cells(2), {{"check", {{"fused", "incorrect"}}}});
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].status, Status::kIncorrect);
  EXPECT_EQ(records[0].cell.implementation, "fused");
  EXPECT_EQ(records[0].reason, "the stub says so");
  EXPECT_EQ(records[0].check->status, Status::kIncorrect);
  EXPECT_THAT(log_lines(), ::testing::Not(::testing::Contains("run fused 4 0")));
}

TEST_F(MeasurementTest, a_check_that_crashes_makes_its_cells_mistrusted) {
  const auto records = run(two_cells(1), {{"check", {{"fused", "SIGSEGV"}}}});
  EXPECT_THAT(statuses(records), ElementsAre(Status::kMistrusted, Status::kPassed));
}

TEST_F(MeasurementTest, cells_that_are_not_launched_are_recorded_and_not_checked) {
  auto schedule = two_cells(1);
  schedule.launches = {{1, 0}};
  schedule.cells[0].not_launched = Status::kOutOfMemory;
  schedule.cells[0].reason = "over the limit by far";
  auto& footprint = schedule.cells[0].plan.footprint.emplace();
  footprint.peak_bytes = 99;
  footprint.peak_phase = "backward";
  const auto records = run(schedule, nlohmann::json::object());
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].status, Status::kOutOfMemory);
  EXPECT_EQ(records[0].reason, "over the limit by far");
  EXPECT_EQ(records[0].phase, Phase::kBackward);
  EXPECT_EQ(records[0].memory.source, "planned");
  EXPECT_EQ(records[0].memory.planned->peak_bytes, 99);
  EXPECT_THAT(log_lines(), ElementsAre("check fused 4 0", "run fused 4 0"));
}

TEST_F(MeasurementTest, a_launch_that_is_recorded_is_not_done_again) {
  const auto schedule = two_cells(2);
  const auto all = run(schedule, nlohmann::json::object());
  std::filesystem::remove(log_);
  // What a process killed in the third of four launches leaves: round 1 is half done.
  const auto rest = run(schedule, nlohmann::json::object(), {all[0], all[1], all[2]});
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].cell, all[3].cell);
  EXPECT_EQ(rest[0].round, all[3].round);
  EXPECT_EQ(rest[0].status, Status::kPassed);
  EXPECT_THAT(log_lines(), ElementsAre("check pytorch_eager 4 0", "run pytorch_eager 4 1"));
  std::filesystem::remove(log_);
  EXPECT_THAT(run(schedule, nlohmann::json::object(), all), ::testing::IsEmpty());
  EXPECT_THAT(log_lines(), ::testing::IsEmpty());
}

TEST_F(MeasurementTest, a_cell_that_did_not_pass_stays_ended) {
  const auto schedule = two_cells(3);
  const auto crashed = run(schedule, {{"run", {{"pytorch_eager", "exit3"}}}});
  EXPECT_EQ(crashed.size(), 4u);
  std::filesystem::remove(log_);
  EXPECT_THAT(run(schedule, nlohmann::json::object(), crashed), ::testing::IsEmpty());
  EXPECT_THAT(log_lines(), ::testing::IsEmpty());
}

TEST_F(MeasurementTest, a_cell_that_cannot_go_on_is_recorded_in_the_round_that_it_lacks) {
  auto schedule = two_cells(2);
  const auto all = run(schedule, nlohmann::json::object());
  const auto unchecked =
      run(schedule, {{"check", {{"pytorch_eager", "incorrect"}}}}, {all[0], all[1], all[2]});
  ASSERT_EQ(unchecked.size(), 1u);
  EXPECT_EQ(unchecked[0].status, Status::kIncorrect);
  EXPECT_EQ(unchecked[0].round, 1);
  schedule.cells[0].not_launched = Status::kSkipped;
  schedule.cells[0].reason = "this machine has no memory left";
  const auto skipped = run(schedule, nlohmann::json::object(), {all[0], all[1], all[2]});
  ASSERT_EQ(skipped.size(), 1u);
  EXPECT_EQ(skipped[0].status, Status::kSkipped);
  EXPECT_EQ(skipped[0].round, 1);
  EXPECT_THAT(run(schedule, nlohmann::json::object(), all), ::testing::IsEmpty());
}

}  // namespace
}  // namespace harness
