#include "reports/reports.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include "harness/harness_error.h"
#include "reports/terminal.h"
#include "tests/harness/analysis/run_builder.h"
#include "tests/reports/sample_run.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return content.str();
}

/// Where `actual` differs from the golden file, it is left in the build folder for a look and a cp.
void expect_golden(const std::string& name, const std::string& actual) {
  const fs::path golden = fs::path(BENCH_SOURCE_DIR) / "tests/reports/golden" / name;
  if (fs::exists(golden) && read_file(golden) == actual) return;
  const fs::path left = fs::path(BENCH_BINARY_DIR) / "golden" / name;
  fs::create_directories(left.parent_path());
  std::ofstream(left, std::ios::binary) << actual;
  ADD_FAILURE() << name << " differs. Compare, and where the new one is right, copy it:\n  diff "
                << golden << " " << left << "\n  cp " << left << " " << golden;
}

/// Of a run with one optimizer and without traces.
constexpr const char* kFiles[] = {"bencher.json",
                                  "flag_costs.csv",
                                  "flag_requirements.csv",
                                  "github_action_benchmark.json",
                                  "google_benchmark.json",
                                  "memory.csv",
                                  "report.html",
                                  "report.md",
                                  "speedup.csv"};

class Reports : public testing::Test {
 protected:
  Reports() { fs::create_directories(dir_); }
  ~Reports() override { fs::remove_all(dir_); }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir_)) names.push_back(entry.path().filename());
    return names;
  }

  const fs::path dir_ = fs::temp_directory_path() / ("reports_" + std::to_string(getpid()));
};

TEST_F(Reports, a_measured_run_writes_the_golden_files) {
  const SampleRun run = measured_run();
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  EXPECT_THAT(files(), testing::UnorderedElementsAreArray(kFiles));
  for (const std::string name : kFiles) {
    if (name.ends_with(".csv") || name.ends_with(".md"))
      expect_golden("measured/" + name, read_file(dir_ / name));
  }
}

// The padded candidate is the headline; what computes without padding has rows of its own.
TEST_F(Reports, a_run_with_two_optimizers_writes_the_golden_files) {
  const SampleRun run = two_optimizers_run();
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  EXPECT_THAT(files(), testing::Contains("optimizers.csv"));
  for (const char* name : {"optimizers.csv", "report.md", "speedup.csv"}) {
    expect_golden(std::string("optimizers/") + name, read_file(dir_ / name));
  }
  expect_golden("optimizers/terminal.txt",
                terminal_tables(run.info, run.records, false, harness::flag_catalog()));
}

TEST_F(Reports, a_run_without_its_device_shows_statuses_and_published_numbers) {
  const SampleRun run = planned_run();
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  for (const char* name : {"speedup.csv", "report.md"}) {
    expect_golden(std::string("planned/") + name, read_file(dir_ / name));
  }
}

TEST_F(Reports, a_plan_writes_memory_and_requirements_only) {
  write_plan_reports(dir_, planned_run().info, harness::flag_catalog());
  EXPECT_THAT(files(), testing::UnorderedElementsAre("memory.csv", "flag_requirements.csv"));
  for (const std::string& name : files()) {
    expect_golden("planned/" + name, read_file(dir_ / name));
  }
}

/// The lines of `text` that hold every part.
std::vector<std::string> lines_with(const std::string& text,
                                    const std::vector<std::string>& parts) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool all = std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
      return line.find(part) != std::string::npos;
    });
    if (all) found.push_back(line);
  }
  return found;
}

// pytorch_tuned at micro-batch 4: three rounds at 4 sequences in 2.5 s, the fourth timed out.
TEST_F(Reports, every_format_says_that_a_cell_passed_in_part_and_none_gives_it_a_speedup) {
  const SampleRun run = measured_run();
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  const std::string markdown = read_file(dir_ / "report.md");
  const std::string terminal =
      terminal_tables(run.info, run.records, false, harness::flag_catalog());
  EXPECT_THAT(
      read_file(dir_ / "speedup.csv"),
      testing::HasSubstr(
          "\r\nfp32,4,pytorch_eager,passed,2,1576009728,pytorch_tuned,none,"
          "timed_out,,1258291200,,,,,6,6,2.5,,measured,3,4,0,no answer within 300 s,measured\r\n"));
  EXPECT_THAT(markdown, testing::HasSubstr("| pytorch_tuned | none | timed_out | 1200.0 |  |  |"));
  EXPECT_EQ(lines_with(markdown, {"pytorch_tuned, micro-batch 4, flags none: timed_out, 3 of 4 "
                                  "rounds passed (3.200 samples/s): no answer within 300 s"})
                .size(),
            1U);
  EXPECT_EQ(lines_with(terminal, {"pytorch_tuned", "none", "timed_out", "1200.0"}).size(), 1U);
  EXPECT_EQ(lines_with(terminal, {"pytorch_tuned, micro-batch 4", "3 of 4 rounds passed"}).size(),
            1U);
}

TEST_F(Reports, every_format_names_the_gpu_that_times_are_of) {
  SampleRun run = measured_run();
  for (harness::Record& record : run.records) {
    record.environment["gpu"] = {{"name", "NVIDIA H200"}};
  }
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  const std::string expected = "Times are of NVIDIA H200.";
  EXPECT_THAT(read_file(dir_ / "report.md"), testing::HasSubstr(expected));
  EXPECT_THAT(read_file(dir_ / "report.html"), testing::HasSubstr(expected));
  EXPECT_THAT(terminal_tables(run.info, run.records, false, harness::flag_catalog()),
              testing::HasSubstr(expected));
}

TEST_F(Reports, a_run_of_cuda_graphs_says_so) {
  SampleRun run = measured_run();
  const std::string expected = "Forward and backward are played from a CUDA graph.";
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  EXPECT_THAT(read_file(dir_ / "report.md"), testing::Not(testing::HasSubstr(expected)));
  for (harness::PlannedCell& planned : run.info.plans) planned.cell.measure.cuda_graph = true;
  for (harness::Record& record : run.records) record.cell.measure.cuda_graph = true;
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  EXPECT_THAT(read_file(dir_ / "report.md"), testing::HasSubstr(expected));
  EXPECT_THAT(read_file(dir_ / "report.html"), testing::HasSubstr(expected));
}

// pytorch_eager at micro-batch 12: 3100 MiB by the plan, of 2 GiB.
TEST_F(Reports, every_format_marks_a_peak_that_was_only_planned) {
  const SampleRun run = measured_run();
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  EXPECT_THAT(read_file(dir_ / "speedup.csv"),
              testing::ContainsRegex("fp32,12,pytorch_eager,out_of_memory,,3250585600,fused,"
                                     "normalize_invertible,.*over the memory limit by the "
                                     "plan,planned,6,6,0,,measured\r\n"));
  EXPECT_THAT(read_file(dir_ / "report.md"),
              testing::HasSubstr("| 12 | pytorch_eager | OOM | 3100.0 (planned) | fused |"));
  const std::string terminal =
      terminal_tables(run.info, run.records, false, harness::flag_catalog());
  EXPECT_THAT(terminal, testing::HasSubstr("\n            p 3100.0\n"));
  EXPECT_THAT(terminal, testing::HasSubstr("\n  p by the plan, not measured\n"));
}

TEST_F(Reports, writing_again_replaces_the_files) {
  const SampleRun run = measured_run();
  std::ofstream(dir_ / "speedup.csv") << "old";
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  const std::string first = read_file(dir_ / "speedup.csv");
  EXPECT_NE(first, "old");
  write_reports(dir_, run.info, run.records, harness::flag_catalog());
  EXPECT_EQ(read_file(dir_ / "speedup.csv"), first);
  EXPECT_THAT(files(), testing::UnorderedElementsAreArray(kFiles));
}

TEST_F(Reports, an_unwritable_folder_is_one_clear_line) {
  const fs::path missing = dir_ / "missing";
  try {
    write_reports(missing, measured_run().info, {}, harness::flag_catalog());
    FAIL() << "written";
  } catch (const harness::HarnessError& error) {
    EXPECT_EQ(error.what(), "cannot write " + (missing / "speedup.csv").string() +
                                ": No such file or directory; check the path");
  }
}

TEST_F(Reports, contradicting_records_write_nothing) {
  SampleRun run = measured_run();
  run.records.push_back(run.records.front());
  EXPECT_THROW(write_reports(dir_, run.info, run.records, harness::flag_catalog()),
               harness::HarnessError);
  EXPECT_TRUE(files().empty());
}

TEST_F(Reports, an_empty_run_is_reported) {
  write_reports(dir_, {}, {}, harness::flag_catalog());
  EXPECT_THAT(files(), testing::UnorderedElementsAreArray(kFiles));
  EXPECT_THAT(terminal_tables({}, {}, false, harness::flag_catalog()), testing::HasSubstr("none"));
}

TEST_F(Reports, the_terminal_shows_the_golden_tables) {
  const SampleRun measured = measured_run();
  const SampleRun planned = planned_run();
  expect_golden("measured/terminal.txt",
                terminal_tables(measured.info, measured.records, false, harness::flag_catalog()));
  expect_golden("planned/terminal.txt",
                terminal_tables(planned.info, planned.records, false, harness::flag_catalog()));
  expect_golden("planned/plan.txt", terminal_plan(planned.info, false, harness::flag_catalog()));
}

TEST_F(Reports, the_terminal_keeps_to_100_columns_of_plain_text) {
  for (const SampleRun& run : {measured_run(), two_optimizers_run(), planned_run()}) {
    const std::string text =
        terminal_tables(run.info, run.records, false, harness::flag_catalog()) +
        terminal_plan(run.info, false, harness::flag_catalog());
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
  }
}

TEST_F(Reports, colours_add_nothing_but_escape_codes) {
  const SampleRun run = measured_run();
  std::string coloured = terminal_tables(run.info, run.records, true, harness::flag_catalog());
  EXPECT_THAT(coloured, testing::HasSubstr("\x1b[31mOOM\x1b[0m"));
  for (const std::string code : {"\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[0m"}) {
    for (std::size_t at; (at = coloured.find(code)) != std::string::npos;) {
      coloured.erase(at, code.size());
    }
  }
  EXPECT_EQ(coloured, terminal_tables(run.info, run.records, false, harness::flag_catalog()));
}

TEST_F(Reports, best_names_the_implementation_behind_every_baseline) {
  SampleRun run = measured_run();
  run.info.baseline = "best";
  const std::string text = terminal_tables(run.info, run.records, false, harness::flag_catalog());
  EXPECT_THAT(text, testing::HasSubstr("Speedup over the fastest pytorch implementation"));
  EXPECT_THAT(text, testing::HasSubstr("\n          pytorch_tuned"));
}

TEST_F(Reports, a_sweep_without_a_baseline_says_why_it_has_no_speedups) {
  SampleRun run = measured_run();
  run.info.baseline = "best";
  const auto is_pytorch = [](const auto& of_cell) {
    return of_cell.cell.implementation.starts_with("pytorch_");
  };
  std::erase_if(run.info.plans, is_pytorch);
  std::erase_if(run.records, is_pytorch);
  const harness::Catalog catalog = harness::flag_catalog();
  for (const std::string& text : {markdown_report(run.info, run.records, catalog),
                                  terminal_tables(run.info, run.records, false, catalog)}) {
    EXPECT_THAT(text, testing::HasSubstr("No speedups: the baseline \"best\" is the fastest"));
    EXPECT_THAT(text, testing::HasSubstr("5.000")) << "rates stay";
  }
  run.info.baseline = "fused";
  EXPECT_THAT(markdown_report(run.info, run.records, catalog),
              testing::Not(testing::HasSubstr("No speedups")));
}

TEST_F(Reports, colour_needs_a_terminal_and_no_no_color) {
  int terminal = -1;
  int other_end = -1;
  ASSERT_EQ(openpty(&other_end, &terminal, nullptr, nullptr, nullptr), 0);
  unsetenv("NO_COLOR");
  EXPECT_TRUE(use_colour(terminal));
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(use_colour(terminal));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(use_colour(terminal));
  unsetenv("NO_COLOR");
  close(terminal);
  close(other_end);
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  EXPECT_FALSE(use_colour(pipe_ends[1]));
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace reports
