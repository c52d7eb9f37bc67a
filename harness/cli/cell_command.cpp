#include "harness/cli/cell_command.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <ostream>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "harness/cli/exit_status.h"
#include "harness/cli/measurement.h"
#include "harness/cli/options.h"
#include "harness/cli/planned_sweep.h"
#include "harness/harness_error.h"
#include "harness/launch/interrupt.h"
#include "harness/launch/planner.h"
#include "harness/plan/select.h"
#include "harness/protocol/strict_json.h"
#include "harness/spec/cell_check.h"
#include "machine/memory.h"

namespace harness {
namespace {

/// Throws UsageError where `argument` is neither a cell's JSON nor a file that holds it, or where
/// the cell is impossible.
Cell read_cell(const std::string& argument, const Catalog& catalog) {
  const bool is_json = argument.find_first_not_of(" \t\n") != std::string::npos &&
                       argument[argument.find_first_not_of(" \t\n")] == '{';
  std::string text = argument;
  if (!is_json) {
    std::error_code error;
    std::ifstream file;
    if (std::filesystem::is_regular_file(argument, error)) file.open(argument);
    text.assign(std::istreambuf_iterator<char>(file), {});
    if (!file.is_open() || !file) {
      throw UsageError(
          fmt::format("'{}' is neither a cell's JSON nor a readable file; give the "
                      "`cell` of a record, or a file that holds it",
                      argument));
    }
  }
  try {
    const auto cell = parse_strict_json(text).get<Cell>();
    check_cell(cell, catalog);
    return cell;
  } catch (const std::exception& error) {
    throw UsageError(
        fmt::format("{}: not a cell: {}; a record's `cell` is one, and its `repro` runs it",
                    is_json ? "the argument" : argument, error.what()));
  }
}

/// Throws UsageError where the cell's data cannot be used.
PlanReply plan_one(const Cell& cell, const WorkerAccess& worker) {
  try {
    return Planner(worker).plan({cell});
  } catch (const DataError& error) {
    throw UsageError(fmt::format("the cell: /data: {}", error.what()));
  }
}

/// The record of a schedule of one cell and at most one round.
Record measure_one(const Schedule& schedule, const WorkerAccess& worker) {
  std::optional<Record> result;
  Progress progress(StatusLine::Mode::kQuiet, schedule, {});
  measure(
      schedule, worker, [&](const Record& record) { result = record; }, progress);
  return result.value();
}

}  // namespace

int cell_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep cell");
  std::string argument;
  options.app().add_option("JSON", argument)->required();
  options.add_worker();
  options.add_when_busy();
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto cell = read_cell(argument, context.catalog);
  const Interrupt interrupt;
  const WorkerAccess worker = {options.worker(cell.device), interrupt.fd()};
  const auto lock = use_device(cell.device, options.when_busy(), interrupt.fd(), context.error);
  const auto predicted = plan_one(cell, worker);
  if (!predicted.device.available) {
    fmt::print(context.error, "{}\n", device_absent_text(predicted.device));
  }
  const auto schedule = select_one(cell, predicted, machine::available_memory_bytes());
  const auto record = measure_one(schedule, worker);
  context.out << nlohmann::json(record).dump(2) << "\n";
  if (record.status != Status::kPassed) {
    fmt::print(context.error, "the cell did not pass: {}{}{}\n", to_string(record.status),
               record.reason.empty() ? "" : ": ", record.reason);
  }
  return exit_status(judge_cells(predicted.device, summarize_cells({}, {record}, context.catalog)));
}

}  // namespace harness
