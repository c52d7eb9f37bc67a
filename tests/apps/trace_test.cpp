#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Trace : public DriverFixture {
 protected:
  /// pytorch_eager and fused at micro-batches 4 and 8.
  static nlohmann::json traced_sweep() {
    auto sweep = small_sweep();
    sweep["trace"] = true;
    return sweep;
  }

  static std::vector<std::string> trace_lines() {
    std::vector<std::string> lines;
    for (const auto& line : lines_of("log")) {
      if (line.starts_with("trace ")) lines.push_back(line);
    }
    return lines;
  }

  static std::size_t trace_files() {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator("out/trace"), fs::directory_iterator()));
  }
};

/// The records of a run without what differs from run to run: the time that its launches took.
std::vector<nlohmann::json> records_in(const fs::path& run) {
  std::vector<nlohmann::json> records;
  std::ifstream file(run / "records.jsonl");
  for (std::string line; std::getline(file, line);) {
    auto& record = records.emplace_back(nlohmann::json::parse(line));
    EXPECT_EQ(record.at("environment").erase("launch_seconds"), 1U);
    record.erase("checksum");
  }
  return records;
}

TEST_F(Trace, runs_a_process_a_cell_after_everything_is_measured) {
  const auto result = run_sweep(traced_sweep());
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  const auto log = lines_of("log");
  ASSERT_EQ(log.size(), 14U);  // 2 checks, 8 rounds, 4 traces
  EXPECT_THAT(std::vector(log.end() - 4, log.end()),
              ElementsAre("trace pytorch_eager 4 0", "trace fused 4 0", "trace pytorch_eager 8 0",
                          "trace fused 8 0"));
  EXPECT_EQ(trace_files(), 4U);
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 8U);
  EXPECT_THAT(result.error_tail,
              HasSubstr("trace of fused minilm-l6 mb 8 fp32: trace/fused_mb8_s384_fp32_none_"));
}

TEST_F(Trace, does_not_change_what_is_measured) {
  run_sweep(small_sweep());
  fs::rename("out", "plain");
  run_sweep(traced_sweep());
  EXPECT_EQ(records_in("out"), records_in("plain"));
  for (const char* file : {"speedup.csv", "memory.csv"}) {
    EXPECT_EQ(read_file(fs::path("out") / file), read_file(fs::path("plain") / file)) << file;
  }
  EXPECT_FALSE(fs::exists("plain/trace"));
  EXPECT_FALSE(fs::exists("plain/operators.csv"));
  EXPECT_THAT(read_file("plain/report.md"), Not(HasSubstr("Operators by time")));
}

TEST_F(Trace, is_reported_and_reported_again_from_the_run_directory) {
  run_sweep(traced_sweep());
  const auto report = read_file("out/report.md");
  const auto operators = read_file("out/operators.csv");
  EXPECT_THAT(report, HasSubstr("### fused, flags none, micro-batch 8\n"));
  // The stub's product: 3 GFLOP in 375 ms are 8 of the 16 GFLOP/s.
  EXPECT_THAT(report,
              HasSubstr("| aten::mm | forward | fp32 | 4 | 375.00 | 75.0 | 3.000 | 50.0 |"));
  EXPECT_EQ(lines_of("out/operators.csv").size(), 9U);
  fs::remove("out/report.md");
  fs::remove("out/operators.csv");
  EXPECT_EQ(run_plain({"report", "out"}).exit.exit_code, 0);
  EXPECT_EQ(read_file("out/report.md"), report);
  EXPECT_EQ(read_file("out/operators.csv"), operators);
}

TEST_F(Trace, a_failed_trace_is_a_line_of_the_report_and_no_failed_sweep) {
  tell_workers({{"trace", {{"fused", "SIGSEGV"}}}});
  const auto result = run_sweep(traced_sweep());
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(read_file("out/report.md"),
              HasSubstr("**No trace of fused, flags none, micro-batch 4: the worker was killed by "
                        "SIGSEGV: going down.**\n"));
  EXPECT_THAT(lines_of("out/operators.csv"),
              Contains(HasSubstr("the worker was killed by SIGSEGV: going down,,,")));
  EXPECT_THAT(result.error_tail, HasSubstr("failed: the worker was killed by SIGSEGV"));
  EXPECT_EQ(trace_files(), 2U);
}

TEST_F(Trace, cells_that_did_not_pass_are_not_traced) {
  tell_workers({{"run", {{"fused/8/1", "exit3"}}}, {"check", {{"pytorch_eager", "incorrect"}}}});
  run_sweep(traced_sweep());
  EXPECT_THAT(trace_lines(), ElementsAre("trace fused 4 0"));
}

TEST_F(Trace, an_interrupt_keeps_the_traces_so_far) {
  tell_workers({{"trace", {{"fused", "interrupt_driver"}}}});
  const auto result = run_sweep(traced_sweep());
  EXPECT_EQ(result.exit.exit_code, 130) << result.error_tail;
  EXPECT_EQ(lines_of("out/operators.csv").size(), 3U);  // a header, pytorch_eager's two rows
  EXPECT_THAT(trace_lines(), ElementsAre("trace pytorch_eager 4 0", "trace fused 4 0"));
}

TEST_F(Trace, a_trace_that_is_neither_true_nor_false_is_a_spec_error) {
  auto sweep = small_sweep();
  sweep["trace"] = "yes";
  const auto result = run_sweep(sweep);
  EXPECT_EQ(result.exit.exit_code, 2);
  EXPECT_THAT(result.error_tail, HasSubstr("sweep.json: /trace: expected true or false"));
}

}  // namespace
}  // namespace apps
