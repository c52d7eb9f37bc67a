#include "harness/cli/cell_line.h"

#include <fmt/format.h>

#include "harness/analysis/cell_label.h"
#include "harness/count_text.h"
#include "harness/mib_text.h"

namespace harness {
namespace {

std::string verdict(const ScheduledCell& scheduled) {
  if (!scheduled.not_launched) return count_text(scheduled.cell.measure.rounds, "round");
  return fmt::format("{}: {}", to_string(*scheduled.not_launched), scheduled.reason);
}

std::string planned_peak(const Plan& plan) {
  return plan.footprint ? mib_text(plan.footprint->peak_bytes) : "no plan";
}

}  // namespace

std::string cell_line(const ScheduledCell& scheduled, const std::vector<std::string>& axes) {
  return fmt::format("{}  {}  {}", cell_label(scheduled.cell, axes), planned_peak(scheduled.plan),
                     verdict(scheduled));
}

}  // namespace harness
