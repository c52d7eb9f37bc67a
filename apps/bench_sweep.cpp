#include <iostream>

#include <unistd.h>

#include "apps/catalog.h"
#include "harness/cli/command_line.h"
#include "reports/comparison_text.h"
#include "reports/gate_reports.h"
#include "reports/gate_text.h"
#include "reports/reports.h"
#include "reports/terminal.h"
#include "reports/tuning_terminal.h"

namespace {

harness::Reporter make_reporter() {
  using harness::RunInfo;
  using Records = harness::Reporter::Records;
  const harness::Catalog& catalog = apps::catalog();
  const bool colour = reports::use_colour(STDOUT_FILENO);
  return {
      .write =
          [=, &catalog](const std::filesystem::path& directory, const RunInfo& info,
                        const Records& records) {
            reports::write_reports(directory, info, records, catalog);
          },
      .print =
          [=, &catalog](std::ostream& out, const RunInfo& info, const Records& records) {
            out << reports::terminal_tables(info, records, colour, catalog) << std::flush;
          },
      .write_plan =
          [=, &catalog](const std::filesystem::path& directory, const RunInfo& info) {
            reports::write_plan_reports(directory, info, catalog);
          },
      .print_plan =
          [=, &catalog](std::ostream& out, const RunInfo& info) {
            out << reports::terminal_plan(info, colour, catalog) << std::flush;
          },
      .write_gate = reports::write_gate,
      .print_gate =
          [=](std::ostream& out, const harness::GateResult& result) {
            out << reports::gate_text(result, colour) << std::flush;
          },
      .write_self_test = reports::write_self_test,
      .print_self_test =
          [](std::ostream& out, const std::vector<harness::GateResult>& gates) {
            out << reports::self_test_text(gates) << std::flush;
          },
      .print_comparison =
          [=](std::ostream& out, const harness::RunComparison& comparison) {
            out << reports::comparison_text(comparison, colour) << std::flush;
          },
      .write_tuning = reports::write_tuning_reports,
      .print_tuning =
          [=](std::ostream& out, const harness::TuningResult& result) {
            out << reports::tuning_terminal(result, colour) << std::flush;
          },
  };
}

}  // namespace

int main(int count, char** values) {
  const auto reporter = make_reporter();
  return harness::run_command_line(
      harness::Arguments(values + 1, values + count),
      {.catalog = apps::catalog(), .reporter = reporter, .out = std::cout, .error = std::cerr});
}
