#include "reports/reports.h"

#include "harness/analysis/operator_time.h"
#include "harness/analysis/run_analysis.h"
#include "harness/files/atomic_file.h"
#include "reports/flag_costs_csv.h"
#include "reports/flag_requirements_csv.h"
#include "reports/markdown_operators.h"
#include "reports/markdown_optimizers.h"
#include "reports/markdown_results.h"
#include "reports/markdown_run.h"
#include "reports/memory_csv.h"
#include "reports/operators_csv.h"
#include "reports/optimizers_csv.h"
#include "reports/speedup_csv.h"
#include "reports/terminal.h"

namespace reports {

using harness::Catalog;
using harness::Record;
using harness::RunAnalysis;
using harness::RunInfo;

static std::string markdown(const RunInfo& info, const std::vector<Record>& records,
                            const RunAnalysis& analysis) {
  std::string text = heading_section(info) + speedup_section(info, analysis) +
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
  harness::write_file_atomically(dir / "speedup.csv", speedup_csv(analysis));
  harness::write_file_atomically(dir / "flag_requirements.csv", flag_requirements_csv(analysis));
  harness::write_file_atomically(dir / "flag_costs.csv", flag_costs_csv(analysis));
  harness::write_file_atomically(dir / "memory.csv", memory_csv(analysis));
  if (!analysis.optimizers.empty()) {
    harness::write_file_atomically(dir / "optimizers.csv", optimizers_csv(analysis));
  }
  if (!info.traces.empty()) {
    harness::write_file_atomically(dir / "operators.csv",
                                   operators_csv(harness::rank_operators(info), analysis.axes));
  }
  harness::write_file_atomically(dir / "report.md", markdown(info, records, analysis));
}

void write_plan_reports(const std::filesystem::path& dir, const RunInfo& info,
                        const Catalog& catalog) {
  const RunAnalysis analysis = analyze_run(info, {}, catalog);
  harness::write_file_atomically(dir / "memory.csv", memory_csv(analysis));
  harness::write_file_atomically(dir / "flag_requirements.csv", flag_requirements_csv(analysis));
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
