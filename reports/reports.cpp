#include "reports/reports.h"

#include "harness/analysis/operator_time.h"
#include "harness/analysis/run_analysis.h"
#include "harness/files/atomic_file.h"
#include "reports/csv_writer.h"
#include "reports/deepspeed_config.h"
#include "reports/exports/bencher.h"
#include "reports/exports/benchmark.h"
#include "reports/exports/github_action_benchmark.h"
#include "reports/exports/google_benchmark.h"
#include "reports/flag_requirements_table.h"
#include "reports/html/page.h"
#include "reports/markdown_operators.h"
#include "reports/markdown_optimizers.h"
#include "reports/markdown_results.h"
#include "reports/markdown_run.h"
#include "reports/memory_table.h"
#include "reports/run_tables.h"
#include "reports/terminal.h"
#include "reports/tuning_json.h"
#include "reports/tuning_markdown.h"

namespace reports {

using harness::Catalog;
using harness::Record;
using harness::RunAnalysis;
using harness::RunInfo;

static std::string markdown(const RunInfo& info, const std::vector<Record>& records,
                            const RunAnalysis& analysis) {
  std::string text = heading_section(info, analysis) + speedup_section(info, analysis) +
                     requirement_section(info, analysis) + cost_section(analysis) +
                     optimizer_section(analysis) + projection_section(info, analysis) +
                     memory_section(analysis) +
                     operator_section(harness::rank_operators(info), analysis.axes) +
                     status_section(analysis) + environment_section(records);
  text.pop_back();  // the empty line after the last section
  return text;
}

void write_reports(const std::filesystem::path& dir, const RunInfo& info,
                   const std::vector<Record>& records, const Catalog& catalog) {
  const RunAnalysis analysis = analyze_run(info, records, catalog);
  const std::vector<RunTable> tables = run_tables(info, analysis);
  for (const RunTable& run_table : tables) {
    harness::write_file_atomically(dir / run_table.file, csv_text(run_table.table));
  }
  harness::write_file_atomically(dir / "report.md", markdown(info, records, analysis));
  harness::write_file_atomically(dir / "report.html", html_report(info, records, analysis, tables));
  const std::vector<Benchmark> benchmarks = passed_benchmarks(analysis);
  harness::write_file_atomically(dir / "google_benchmark.json",
                                 google_benchmark_json(info, benchmarks));
  harness::write_file_atomically(dir / "bencher.json", bencher_json(benchmarks));
  harness::write_file_atomically(dir / "github_action_benchmark.json",
                                 github_action_benchmark_json(benchmarks));
}

void write_plan_reports(const std::filesystem::path& dir, const RunInfo& info,
                        const Catalog& catalog) {
  const RunAnalysis analysis = analyze_run(info, {}, catalog);
  harness::write_file_atomically(dir / "memory.csv", csv_text(memory_table(analysis)));
  harness::write_file_atomically(dir / "flag_requirements.csv",
                                 csv_text(flag_requirements_table(analysis)));
}

void write_tuning_reports(const std::filesystem::path& dir, const harness::TuningResult& result) {
  harness::write_file_atomically(dir / "tuning.json", tuning_json(result));
  harness::write_file_atomically(dir / "tuning.md", tuning_markdown(result));
  if (!result.ranking.empty()) {
    harness::write_file_atomically(dir / "deepspeed_config.json",
                                   deepspeed_config(result.ranking.front().cell));
  }
}

std::string markdown_report(const RunInfo& info, const std::vector<Record>& records,
                            const Catalog& catalog) {
  return markdown(info, records, analyze_run(info, records, catalog));
}

std::string terminal_tables(const RunInfo& info, const std::vector<Record>& records, bool colour,
                            const Catalog& catalog) {
  return terminal_run(info, analyze_run(info, records, catalog), colour);
}

std::string terminal_plan(const RunInfo& info, bool colour, const Catalog& catalog) {
  return terminal_memory_plan(info, analyze_run(info, {}, catalog), colour);
}

}  // namespace reports
