#include <signal.h>

#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

using BenchSweep = DriverFixture;

constexpr const char* kRunFiles[] = {
    "run.json",       "records.jsonl", "speedup.csv", "memory.csv", "flag_requirements.csv",
    "flag_costs.csv", "report.md",     "report.html"};

std::vector<std::string> statuses(const std::vector<std::string>& record_lines) {
  std::vector<std::string> result;
  for (const auto& line : record_lines) {
    result.push_back(nlohmann::json::parse(line).at("status").get<std::string>());
  }
  return result;
}

std::vector<std::string> files_in(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

TEST_F(BenchSweep, runs_a_sweep_and_writes_every_file) {
  const auto result = run_sweep(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  for (const auto* file : kRunFiles) EXPECT_TRUE(fs::exists(fs::path("out") / file)) << file;
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 8u);
  EXPECT_THAT(result.output, HasSubstr("2.00"));  // the stub's fused steps take half the time
  EXPECT_THAT(result.error_tail, HasSubstr("8 records (8 passed) in out\n"));
}

TEST_F(BenchSweep, alternates_the_order_of_what_it_compares) {
  run_sweep(small_sweep());
  EXPECT_THAT(lines_of("log"),
              ElementsAre("check pytorch_eager 4 0", "check fused 4 0", "run pytorch_eager 4 0",
                          "run fused 4 0", "run fused 4 1", "run pytorch_eager 4 1",
                          "run pytorch_eager 8 0", "run fused 8 0", "run fused 8 1",
                          "run pytorch_eager 8 1"));
}

TEST_F(BenchSweep, keeps_runs_by_name_and_time_and_links_the_latest) {
  write_file("sweep.json", small_sweep().dump());
  EXPECT_EQ(run({"run", "sweep.json"}).exit.exit_code, 0);
  EXPECT_TRUE(fs::is_symlink("runs/small/latest"));
  EXPECT_EQ(lines_of("runs/small/latest/records.jsonl").size(), 8u);
}

TEST_F(BenchSweep, shows_a_line_a_launch_where_there_is_no_terminal) {
  const auto result = run_sweep(small_sweep());
  EXPECT_THAT(result.error_tail,
              AllOf(HasSubstr("[1/8] pytorch_eager minilm-l6 mb 4 fp32  round 1/2  8 MiB  "
                              "8 samples/s"),
                    HasSubstr("[8/8]"), Not(HasSubstr("\r"))));
}

TEST_F(BenchSweep, quiet_shows_no_progress) {
  write_file("sweep.json", small_sweep().dump());
  EXPECT_THAT(run({"sweep.json", "--out", "out", "--quiet"}).error_tail, Not(HasSubstr("[1/8]")));
}

TEST_F(BenchSweep, goes_on_after_crashes_and_hangs) {
  auto sweep = small_sweep();
  sweep["measure"]["timeout"] = "3 s";
  tell_workers({{"run", {{"pytorch_eager/4", "SIGSEGV"}, {"pytorch_eager/8", "sleep"}}}});
  const auto result = run_sweep(sweep);
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(statuses(lines_of("out/records.jsonl")),
              ElementsAre("crashed", "passed", "passed", "timed_out", "passed", "passed"));
}

TEST_F(BenchSweep, interrupted_it_keeps_and_reports_every_record_so_far) {
  tell_workers({{"run", {{"fused/8/0", "interrupt_driver"}}}});
  const auto result = run_sweep(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 130) << result.error_tail;
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 5u);
  for (const auto* file : kRunFiles) EXPECT_TRUE(fs::exists(fs::path("out") / file)) << file;
  EXPECT_THAT(result.error_tail, HasSubstr("interrupted; 5 records (5 passed) in out\n"));
}

TEST_F(BenchSweep, that_lost_its_terminal_keeps_and_reports_every_record_so_far) {
  ::signal(SIGHUP, SIG_DFL);  // also where the tests run under nohup
  tell_workers({{"run", {{"fused/8/0", "hang_up_driver"}}}});
  const auto result = run_sweep(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 130) << result.error_tail;
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 5u);
  for (const auto* file : kRunFiles) EXPECT_TRUE(fs::exists(fs::path("out") / file)) << file;
}

TEST_F(BenchSweep, an_incorrect_cell_is_exit_status_4_and_never_a_speedup) {
  tell_workers({{"check", {{"fused", "incorrect"}}}});
  const auto result = run_sweep(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 4) << result.error_tail;
  EXPECT_THAT(read_file("out/speedup.csv"), HasSubstr("incorrect"));
  EXPECT_THAT(lines_of("log"), Not(::testing::Contains("run fused 4 0")));
}

// Rounds of 0.25 s and 0.5 s: each 33 % off their median.
TEST_F(BenchSweep, a_cell_whose_rounds_disagree_is_exit_status_3) {
  tell_workers({{"run", {{"fused/4", "slower_each_round"}}}});
  const auto result = run_sweep(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 3) << result.error_tail;
  EXPECT_THAT(read_file("out/speedup.csv"), HasSubstr("mistrusted"));
}

TEST_F(BenchSweep, a_run_in_which_nothing_passes_is_exit_status_5) {
  tell_workers({{"run", {{"", "exit3"}}}});
  EXPECT_EQ(run_sweep(small_sweep()).exit.exit_code, 5);
  EXPECT_TRUE(fs::exists("out/report.md"));
}

TEST_F(BenchSweep, plans_and_reports_where_the_device_is_absent) {
  auto sweep = small_sweep();
  sweep["device"] = {{"kind", "cuda"}};
  tell_workers({{"plan", "absent"}});
  const auto result = run_sweep(sweep);
  EXPECT_EQ(result.exit.exit_code, 6) << result.error_tail;
  EXPECT_THAT(result.error_tail,
              HasSubstr("no CUDA device was found: no driver is loaded; planned only\n"));
  for (const auto* file : kRunFiles) EXPECT_TRUE(fs::exists(fs::path("out") / file)) << file;
  EXPECT_FALSE(fs::exists("log"));
}

TEST_F(BenchSweep, cells_far_over_the_memory_limit_are_not_launched) {
  auto sweep = small_sweep();
  sweep["axes"]["micro_batch"] = {4, 16, 64};
  write_file("sweep.json", sweep.dump());
  // The stub plans 2 MiB a sequence for pytorch_eager and 1 MiB for fused.
  EXPECT_EQ(run({"sweep.json", "--out", "out", "--memory-limit", "9 MiB"}).exit.exit_code, 0);
  EXPECT_THAT(lines_of("log"), Not(::testing::Contains(HasSubstr(" 64 "))));
  int planned = 0;
  for (const auto& line : lines_of("out/records.jsonl")) {
    const auto record = nlohmann::json::parse(line);
    planned += record["status"] == "out_of_memory" && record["memory"]["source"] == "planned";
  }
  EXPECT_EQ(planned, 2);
}

TEST_F(BenchSweep, without_plans_there_is_no_sweep) {
  tell_workers({{"plan", "exit3"}});
  const auto result = run_sweep(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 5);
  EXPECT_THAT(result.error_tail, HasSubstr("bench_sweep: worker.py --plan ended with status 3"));
  EXPECT_FALSE(fs::exists("out"));
}

TEST_F(BenchSweep, lists_the_cells_and_measures_nothing) {
  write_file("sweep.json", small_sweep().dump());
  const auto result = run({"list", "sweep.json"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.output, HasSubstr("fused minilm-l6 mb 8 fp32  8 MiB  2 rounds\n"));
  EXPECT_THAT(result.error_tail, HasSubstr("4 cells, 8 launches"));
  EXPECT_FALSE(fs::exists("log"));
}

TEST_F(BenchSweep, plans_even_where_the_device_is_absent) {
  auto sweep = small_sweep();
  sweep["device"] = {{"kind", "cuda"}};
  sweep["flag_table_limits"] = {"64 MiB"};
  write_file("sweep.json", sweep.dump());
  tell_workers({{"plan", "absent"}});
  const auto result = run({"plan", "sweep.json", "--out", "out"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_TRUE(fs::exists("out/memory.csv"));
  EXPECT_THAT(read_file("out/flag_requirements.csv"), HasSubstr("67108864"));
  EXPECT_THAT(result.error_tail,
              ContainsRegex("[0-9]+ cells planned in [0-9]+\\.[0-9] s, 4 of them the sweep's; "
                            "tables in out\n"));
  EXPECT_FALSE(fs::exists("log"));
}

TEST_F(BenchSweep, counts_one_of_a_thing_in_the_singular) {
  auto sweep = small_sweep();
  sweep["axes"]["implementation"] = {"pytorch_eager"};
  sweep["axes"]["micro_batch"] = {4};
  sweep["measure"]["rounds"] = 1;
  write_file("sweep.json", sweep.dump());
  EXPECT_THAT(run({"plan", "sweep.json", "--out", "out"}).error_tail,
              ::testing::StartsWith("1 cell planned in "));
  const auto listed = run({"list", "sweep.json"});
  EXPECT_EQ(listed.error_tail, "1 cell, 1 launch\n");
  EXPECT_THAT(listed.output, HasSubstr("MiB  1 round\n"));
}

TEST_F(BenchSweep, reports_a_run_again_byte_for_byte) {
  run_sweep(small_sweep());
  const auto speedup = read_file("out/speedup.csv");
  const auto report = read_file("out/report.md");
  fs::remove("out/speedup.csv");
  fs::remove("out/report.md");
  const auto result = run_plain({"report", "out"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_EQ(read_file("out/speedup.csv"), speedup);
  EXPECT_EQ(read_file("out/report.md"), report);
}

TEST_F(BenchSweep, reports_a_run_whose_last_record_was_cut_off_with_a_warning) {
  run_sweep(small_sweep());
  fs::resize_file("out/records.jsonl", fs::file_size("out/records.jsonl") - 5);
  const auto result = run_plain({"report", "out"});
  EXPECT_EQ(result.exit.exit_code, 0);
  EXPECT_THAT(result.error_tail, HasSubstr("records.jsonl:8: the last line is cut off"));
}

TEST_F(BenchSweep, runs_one_cell_again_as_its_record_says) {
  run_sweep(small_sweep());
  const auto record = nlohmann::json::parse(lines_of("out/records.jsonl").front());
  write_file("cell.json", record.at("cell").dump());
  for (const auto& argument : {std::string("cell.json"), record.at("cell").dump()}) {
    const auto result = run({"cell", argument});
    EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
    const auto again = nlohmann::json::parse(result.output);
    EXPECT_EQ(again.at("cell"), record.at("cell"));
    EXPECT_EQ(again.at("status"), "passed");
    EXPECT_EQ(again.at("checks").size(), 1u);
  }
}

TEST_F(BenchSweep, a_cell_has_its_plan_in_its_record) {
  const auto result = run({"cell", small_cell().dump()});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  const auto memory = nlohmann::json::parse(result.output).at("memory");
  EXPECT_EQ(memory.at("planned").at("peak_bytes"), 4 << 20);  // the stub's 1 MiB a sequence
}

TEST_F(BenchSweep, a_cell_that_does_not_pass_says_so_beside_its_record) {
  tell_workers({{"run", {{"", "exit3"}}}});
  const auto result = run({"cell", small_cell().dump()});
  EXPECT_EQ(result.exit.exit_code, 5);
  EXPECT_EQ(nlohmann::json::parse(result.output).at("status"), "crashed");
  EXPECT_THAT(result.error_tail, HasSubstr("the cell did not pass: crashed: "));
}

TEST_F(BenchSweep, a_cell_whose_device_is_absent_is_not_launched) {
  auto cell = small_cell();
  cell["device"]["kind"] = "cuda";
  tell_workers({{"plan", "absent"}});
  const auto result = run({"cell", cell.dump()});
  EXPECT_EQ(result.exit.exit_code, 6) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("no CUDA device was found: no driver is loaded"));
  EXPECT_EQ(nlohmann::json::parse(result.output).at("status"), "unsupported");
  EXPECT_FALSE(fs::exists("log"));
}

TEST_F(BenchSweep, a_cell_asked_for_by_itself_is_launched_however_far_over_its_limit) {
  auto cell = small_cell();
  cell["device"]["memory_limit_bytes"] = 3 << 20;  // the stub plans 4 MiB
  tell_workers({{"run", {{"fused", "out_of_memory"}}}});
  const auto result = run({"cell", cell.dump()});
  EXPECT_EQ(result.exit.exit_code, 5) << result.error_tail;  // the device is there, nothing passed
  const auto record = nlohmann::json::parse(result.output);
  EXPECT_EQ(record.at("status"), "out_of_memory");
  EXPECT_EQ(record.at("memory").at("source"), "measured");
  EXPECT_THAT(lines_of("log"), ::testing::Contains("run fused 4 0"));
}

TEST_F(BenchSweep, a_cell_that_this_machine_cannot_hold_is_skipped) {
  tell_workers({{"step_bytes", int64_t{1} << 50}});
  const auto result = run({"cell", small_cell().dump()});
  EXPECT_EQ(result.exit.exit_code, 5) << result.error_tail;
  const auto record = nlohmann::json::parse(result.output);
  EXPECT_EQ(record.at("status"), "skipped");
  EXPECT_THAT(record.at("reason").get<std::string>(), ::testing::StartsWith("this machine has "));
  EXPECT_FALSE(fs::exists("log"));
}

TEST_F(BenchSweep, output_that_cannot_be_written_is_exit_status_5) {
  run_sweep(small_sweep());
  const auto program = std::string(BENCH_BINARY_DIR) + "/bin/bench_sweep";
  const auto result =
      harness::run_process({{"/bin/sh", "-c", program + " report out > /dev/full"}}, "", {});
  EXPECT_EQ(result.exit.exit_code, 5);
  EXPECT_THAT(result.error_tail, HasSubstr("bench_sweep: cannot write to standard output"));
}

TEST_F(BenchSweep, a_report_where_the_disk_ends_keeps_the_reports_that_are_there) {
  run_sweep(small_sweep());
  const auto page = read_file("out/report.html");
  const auto program = std::string(BENCH_BINARY_DIR) + "/bin/bench_sweep";
  // A limit of 32 KiB a file, which the page is over, stands for the end of the disk.
  const auto result =
      harness::run_process({{"/bin/sh", "-c", "ulimit -f 64; " + program + " report out"}}, "", {});
  EXPECT_EQ(result.exit.exit_code, 5) << result.error_tail;
  EXPECT_THAT(result.error_tail,
              HasSubstr("cannot write out/report.html: File too large; raise the limit"));
  EXPECT_EQ(read_file("out/report.html"), page);
  EXPECT_THAT(files_in("out"), Not(Contains(EndsWith(".tmp"))));
}

TEST_F(BenchSweep, a_report_removes_what_a_killed_one_left) {
  run_sweep(small_sweep());
  const auto ended = harness::run_process({{"/bin/sh", "-c", "printf $$"}}, "", {}).output;
  write_file("out/report.html." + ended + ".tmp", "half");
  EXPECT_EQ(run_plain({"report", "out"}).exit.exit_code, 0);
  EXPECT_THAT(files_in("out"), Not(Contains(EndsWith(".tmp"))));
}

TEST_F(BenchSweep, a_directory_that_another_run_took_meanwhile_keeps_its_files) {
  // The stub makes the directory another run's while this one still plans.
  tell_workers({{"plan", "take_out"}});
  const auto result = run_sweep(small_sweep());
  EXPECT_EQ(result.exit.exit_code, 5);
  EXPECT_THAT(result.error_tail, HasSubstr("cannot create out/records.jsonl: File exists"));
  EXPECT_EQ(read_file("out/run.json"), "another's");
}

TEST_F(BenchSweep, redraws_one_line_on_a_terminal) {
  write_file("sweep.json", small_sweep().dump());
  const auto command = std::string(BENCH_BINARY_DIR) + "/bin/bench_sweep sweep.json --out out " +
                       "--worker " + stubs::worker_path().string();
  // script(1) gives the command a terminal.
  const auto result = harness::run_process(
      {{"/usr/bin/script", "--quiet", "--return", "--command", command, "/dev/null"}}, "", {});
  EXPECT_EQ(result.exit.exit_code, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("\r\x1b[Kchecking correctness: fused fp32 post erf"));
  EXPECT_THAT(result.output,
              HasSubstr("\r\x1b[K[8/8] pytorch_eager minilm-l6 mb 8 fp32  round 2/2"));
  EXPECT_THAT(result.output, HasSubstr("  0:00 left\r"));
}

TEST_F(BenchSweep, every_manual_page_has_the_sections_of_one) {
  for (const std::string command : {"", "run", "list", "plan", "report", "merge", "cell", "gate",
                                    "selftest", "compare", "tune"}) {
    const auto result = command.empty() ? run_plain({"--help"}) : run_plain({command, "--help"});
    EXPECT_EQ(result.exit.exit_code, 0) << command;
    for (const auto* section : {"NAME\n", "SYNOPSIS\n", "DESCRIPTION\n", "OPTIONS\n",
                                "EXIT STATUS\n", "FILES\n", "EXAMPLES\n"}) {
      EXPECT_THAT(result.output, HasSubstr(section)) << command;
    }
    EXPECT_THAT(result.output, HasSubstr("bench_sweep " + command));
  }
  EXPECT_THAT(run_plain({"--version"}).output, ::testing::StartsWith("bench_sweep "));
}

}  // namespace
}  // namespace apps
