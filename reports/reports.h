#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"
#include "harness/tuning/tuning_result.h"

namespace reports {

/// Write every table of run_tables() as CSV, report.md, report.html and the files for other tools
/// (reports/exports/) into `dir`, each in one step. `catalog` says what flags cost and what they
/// change. Throws HarnessError where a file cannot be written or the records contradict themselves;
/// in the latter case nothing is written.
void write_reports(const std::filesystem::path& dir, const harness::RunInfo& info,
                   const std::vector<harness::Record>& records, const harness::Catalog& catalog);

/// The same of a run that measured nothing: memory.csv and flag_requirements.csv.
void write_plan_reports(const std::filesystem::path& dir, const harness::RunInfo& info,
                        const harness::Catalog& catalog);

/// What `bench_sweep tune` found: tuning.json, tuning.md and, where it found anything,
/// deepspeed_config.json. Throws HarnessError where a file cannot be written.
void write_tuning_reports(const std::filesystem::path& dir, const harness::TuningResult& result);

/// report.md.
std::string markdown_report(const harness::RunInfo& info,
                            const std::vector<harness::Record>& records,
                            const harness::Catalog& catalog);

/// What `bench_sweep SPEC` and `bench_sweep report` print at the end. `colour`: use_colour().
std::string terminal_tables(const harness::RunInfo& info,
                            const std::vector<harness::Record>& records, bool colour,
                            const harness::Catalog& catalog);

/// What `bench_sweep plan` prints.
std::string terminal_plan(const harness::RunInfo& info, bool colour,
                          const harness::Catalog& catalog);

}  // namespace reports
