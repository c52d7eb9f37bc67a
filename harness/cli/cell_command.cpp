#include "harness/cli/cell_command.h"

#include <fstream>
#include <iterator>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/harness_error.h"
#include "harness/launch/checker.h"
#include "harness/launch/interrupt.h"
#include "harness/launch/launcher.h"

namespace harness {
namespace {

/// Throws UsageError where `argument` is neither a cell's JSON nor a file that holds it.
Cell read_cell(const std::string& argument) {
  const bool is_json = argument.find_first_not_of(" \t\n") != std::string::npos &&
                       argument[argument.find_first_not_of(" \t\n")] == '{';
  std::string text = argument;
  if (!is_json) {
    std::ifstream file(argument);
    text.assign(std::istreambuf_iterator<char>(file), {});
    if (!file) {
      throw UsageError(fmt::format("'{}' is neither a cell's JSON nor a readable file", argument));
    }
  }
  try {
    return nlohmann::json::parse(text).get<Cell>();
  } catch (const std::exception& error) {
    throw UsageError(
        fmt::format("{}: not a cell: {}", is_json ? "the argument" : argument, error.what()));
  }
}

Record check_and_launch(const Cell& cell, const WorkerAccess& worker) {
  Checker checker(worker);
  const auto& check = checker.check(cell);
  auto record = check.status == Status::kPassed
                    ? launch(cell, 0, worker)
                    : record_without_worker(cell, 0, check.status, check.reason);
  record.check = check;
  return record;
}

}  // namespace

int cell_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep cell");
  std::string argument;
  options.app().add_option("JSON", argument)->required();
  options.add_worker();
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto cell = read_cell(argument);
  const Interrupt interrupt;
  const auto record = check_and_launch(cell, {options.worker(), interrupt.fd()});
  context.out << nlohmann::json(record).dump(2) << "\n";
  return exit_status(judge_records({cell.device.kind, true, ""}, {record}));
}

}  // namespace harness
