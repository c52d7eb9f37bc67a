#include "harness/cli/exit_status.h"

#include <algorithm>

#include <fmt/format.h>

namespace harness {

int exit_status(const Outcome& outcome) {
  if (outcome.interrupted) return kExitInterrupted;
  if (outcome.usage_error) return kExitUsage;
  if (outcome.harness_failed || outcome.nothing_passed) return kExitHarness;
  if (outcome.incorrect) return kExitIncorrect;
  if (outcome.device_absent) return kExitDeviceAbsent;
  if (outcome.gate_failed) return kExitGateFailed;
  if (outcome.inconclusive) return kExitInconclusive;
  return kExitDone;
}

std::string outcome_text(const Outcome& outcome, std::string_view records) {
  switch (exit_status(outcome)) {
    case kExitHarness:
      return fmt::format("no cell passed; {} says why of each (exit status 5)", records);
    case kExitIncorrect:
      return fmt::format(
          "a cell failed the correctness gate; {} says which and how (exit status 4)", records);
    case kExitInconclusive:
      return "inconclusive: cells are mistrusted; measure again on a machine that does nothing "
             "else, "
             "`bench_sweep doctor` says what disturbs (exit status 3)";
    default:
      return "";
  }
}

Outcome judge_cells(const DeviceStatus& device, const std::vector<CellGroup>& groups) {
  const auto any = [&](Status status) {
    return std::any_of(groups.begin(), groups.end(), [&](const CellGroup& group) {
      return std::any_of(group.cells.begin(), group.cells.end(),
                         [&](const CellSummary& cell) { return cell.status == status; });
    });
  };
  Outcome outcome;
  outcome.device_absent = !device.available;
  outcome.nothing_passed = device.available && !any(Status::kPassed);
  outcome.incorrect = any(Status::kIncorrect);
  outcome.inconclusive = any(Status::kMistrusted);
  return outcome;
}

}  // namespace harness
