#include <set>

#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Resume : public DriverFixture {
 protected:
  /// A run of the small sweep in "out" that SIGKILL ended in the sixth of its eight launches.
  static void kill_a_run(json sweep = small_sweep()) {
    tell_workers({{"run", {{"fused/8/0", "kill_driver"}}}});
    const auto killed = run_sweep(sweep);
    ASSERT_EQ(killed.end, harness::ProcessResult::End::kSignalled);
    ASSERT_EQ(lines_of("out/records.jsonl").size(), 5u);
    fs::remove("log");
    tell_workers(json::object());
  }
  static harness::ProcessResult resume(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"sweep.json", "--resume", "out"});
    return run(more);
  }
  /// What tells the records of "out" apart, of each line.
  static std::multiset<std::string> recorded() {
    std::multiset<std::string> result;
    for (const auto& line : lines_of("out/records.jsonl")) {
      auto record = json::parse(line);
      record.erase("environment");
      record.erase("checksum");
      result.insert(record.dump());
    }
    return result;
  }
  static void edit_origin(const json::json_pointer& pointer, const json& value) {
    auto origin = json::parse(read_file("out/origin.json"));
    origin.at(pointer) = value;
    write_file("out/origin.json", origin.dump());
  }
  /// Exit status 2, an error that holds `what`, and the run as it was.
  static void expect_refused(const std::string& what, const std::vector<std::string>& more = {}) {
    const auto records = read_file("out/records.jsonl");
    const auto origin = read_file("out/origin.json");
    const auto result = resume(more);
    EXPECT_EQ(result.exit.exit_code, 2) << result.error_tail;
    EXPECT_THAT(result.error_tail, HasSubstr(what));
    EXPECT_EQ(read_file("out/records.jsonl"), records);
    EXPECT_EQ(read_file("out/origin.json"), origin);
    EXPECT_FALSE(fs::exists("log"));
  }
};

TEST_F(Resume, goes_on_where_a_killed_run_stopped) {
  kill_a_run();
  const auto result = resume();
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("resuming out with 5 records\n"));
  EXPECT_THAT(result.error_tail, HasSubstr("8 records (8 passed) in out\n"));
  EXPECT_THAT(lines_of("log"),
              ElementsAre("check pytorch_eager 8 0", "check fused 8 0", "run fused 8 0",
                          "run fused 8 1", "run pytorch_eager 8 1"));
}

TEST_F(Resume, gives_the_records_and_reports_of_a_run_that_was_not_killed) {
  run_sweep(small_sweep());
  const auto records = recorded();
  const auto speedup = read_file("out/speedup.csv");
  fs::rename("out", "whole");
  fs::remove("log");
  kill_a_run();
  resume();
  EXPECT_EQ(recorded(), records);
  EXPECT_EQ(read_file("out/speedup.csv"), speedup);
}

TEST_F(Resume, begins_where_there_is_nothing_to_go_on_with) {
  write_file("sweep.json", small_sweep().dump());
  EXPECT_EQ(resume().exit.exit_code, 0);
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 8u);
  fs::remove_all("out");
  fs::create_directory("out");
  EXPECT_EQ(resume().exit.exit_code, 0);
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 8u);
}

TEST_F(Resume, of_a_run_that_is_whole_reports_it_again) {
  run_sweep(small_sweep());
  const auto speedup = read_file("out/speedup.csv");
  fs::remove("out/speedup.csv");
  fs::remove("log");
  EXPECT_EQ(resume().exit.exit_code, 0);
  EXPECT_EQ(read_file("out/speedup.csv"), speedup);
  EXPECT_FALSE(fs::exists("log"));
}

TEST_F(Resume, after_ctrl_c_is_what_the_interrupted_run_said) {
  tell_workers({{"run", {{"fused/8/0", "interrupt_driver"}}}});
  const auto interrupted = run_sweep(small_sweep());
  EXPECT_EQ(interrupted.exit.exit_code, 130);
  EXPECT_THAT(interrupted.error_tail,
              HasSubstr("go on with: bench_sweep sweep.json --resume out\n"));
  tell_workers(json::object());
  EXPECT_EQ(resume().exit.exit_code, 0);
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 8u);
}

TEST_F(Resume, measures_a_record_again_that_was_cut_off) {
  kill_a_run();
  fs::resize_file("out/records.jsonl", fs::file_size("out/records.jsonl") - 9);
  const auto result = resume();
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("records.jsonl:5: the last line is cut off"));
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 8u);
  EXPECT_THAT(lines_of("log"), Contains("run pytorch_eager 8 0"));
}

TEST_F(Resume, traces_only_what_has_no_trace) {
  auto sweep = small_sweep();
  sweep["trace"] = true;
  tell_workers({{"trace", {{"fused", "kill_driver"}}}});
  EXPECT_EQ(run_sweep(sweep).end, harness::ProcessResult::End::kSignalled);
  fs::remove("log");
  tell_workers(json::object());
  EXPECT_EQ(resume().exit.exit_code, 0);
  EXPECT_THAT(lines_of("log"),
              ElementsAre("trace fused 4 0", "trace pytorch_eager 8 0", "trace fused 8 0"));
  EXPECT_EQ(json::parse(read_file("out/run.json")).at("traces").size(), 4u);
}

TEST_F(Resume, after_a_full_disk_loses_nothing) {
  auto sweep = small_sweep();
  sweep["measure"]["rounds"] = 20;
  write_file("sweep.json", sweep.dump());
  const auto command = std::string(BENCH_BINARY_DIR) + "/bin/bench_sweep sweep.json --out out " +
                       "--worker " + stubs::worker_path().string();
  // A limit of 64 KiB a file stands for the end of the disk.
  const auto full = harness::run_process({{"/bin/sh", "-c", "ulimit -f 128; " + command}}, "", {});
  EXPECT_EQ(full.exit.exit_code, 5) << full.error_tail;
  EXPECT_THAT(full.error_tail, HasSubstr("cannot append to out/records.jsonl: File too large"));
  EXPECT_THAT(full.error_tail, HasSubstr("--resume out"));
  const auto kept = lines_of("out/records.jsonl").size();
  EXPECT_GT(kept, 0u);
  EXPECT_LT(kept, 80u);
  const auto result = resume();
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, Not(HasSubstr("cut off")));
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 80u);
}

TEST_F(Resume, refuses_another_sweep) {
  kill_a_run();
  auto sweep = small_sweep();
  sweep["measure"]["steps"] = 3;
  write_file("sweep.json", sweep.dump());
  expect_refused("it is a run of another sweep (sweep file: ");
  // The same sweep, written otherwise.
  write_file("sweep.json", small_sweep().dump(4));
  EXPECT_EQ(resume().exit.exit_code, 0);
}

TEST_F(Resume, refuses_another_memory_limit_and_other_data) {
  kill_a_run();
  expect_refused("memory limit: 1073741824 bytes, was none", {"--memory-limit", "1 GiB"});
  edit_origin("/sweep/data"_json_pointer, "0");
  expect_refused("data: ");
}

TEST_F(Resume, refuses_another_machine_unless_forced) {
  kill_a_run();
  edit_origin("/starts/0/machine/processors"_json_pointer, "4096");
  expect_refused("it was measured on another machine (processors: ");
  EXPECT_EQ(resume({"--other-machine"}).exit.exit_code, 0);
}

TEST_F(Resume, refuses_another_build_of_the_worker_unless_forced) {
  kill_a_run();
  edit_origin("/starts/0/build/worker"_json_pointer, "0");
  expect_refused("it was measured by another build of the worker (worker: ");
  EXPECT_EQ(resume({"--other-build"}).exit.exit_code, 0);
}

TEST_F(Resume, refuses_damaged_files_and_leaves_them) {
  kill_a_run();
  const auto records = read_file("out/records.jsonl");
  auto changed = records;
  changed.replace(changed.find("passed"), 6, "Passed");
  write_file("out/records.jsonl", changed);
  expect_refused("records.jsonl:1: not a valid record: its checksum is");
  write_file("out/records.jsonl", records);
  const auto origin = read_file("out/origin.json");
  edit_origin("/schema_version"_json_pointer, 2);
  expect_refused("origin.json: /schema_version: 2 is not supported");
  write_file("out/origin.json", origin);
  write_file("out/run.json", "{");
  expect_refused("run.json: 1:2: not JSON");
}

TEST_F(Resume, measures_the_round_of_a_damaged_line_again_once_it_is_taken_out) {
  run_sweep(small_sweep());
  auto lines = lines_of("out/records.jsonl");
  lines[2].replace(lines[2].find("passed"), 6, "Passed");
  const auto write_lines = [&] {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    write_file("out/records.jsonl", text);
  };
  write_lines();
  fs::remove("log");
  expect_refused("take the line out and measure its round again with --resume out");
  lines.erase(lines.begin() + 2);
  write_lines();
  const auto result = resume();
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(lines_of("log"), ElementsAre("check fused 4 0", "run fused 4 1"));
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 8u);
}

TEST_F(Resume, refuses_what_is_no_run_and_options_that_do_not_fit) {
  write_file("sweep.json", small_sweep().dump());
  fs::create_directory("out");
  write_file("out/notes.txt", "mine");
  EXPECT_THAT(resume().error_tail, HasSubstr("has no records.jsonl"));
  EXPECT_EQ(resume({"--out", "elsewhere"}).exit.exit_code, 2);
  EXPECT_EQ(run({"sweep.json", "--other-machine"}).exit.exit_code, 2);
  EXPECT_EQ(run({"sweep.json", "--resume", ""}).exit.exit_code, 2);
  EXPECT_EQ(read_file("out/notes.txt"), "mine");
}

}  // namespace
}  // namespace apps
