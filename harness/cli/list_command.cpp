#include "harness/cli/list_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/planned_sweep.h"
#include "harness/cli/progress_text.h"
#include "harness/count_text.h"
#include "harness/launch/interrupt.h"

namespace harness {
namespace {

std::string verdict(const ScheduledCell& scheduled) {
  if (!scheduled.not_launched) return count_text(scheduled.cell.measure.rounds, "round");
  return fmt::format("{}: {}", to_string(*scheduled.not_launched), scheduled.reason);
}

std::string planned_peak(const Plan& plan) {
  return plan.footprint ? fmt::format("{} MiB", plan.footprint->peak_bytes >> 20) : "no plan";
}

}  // namespace

int list_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep list");
  options.add_sweep();
  options.add_worker();
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto spec = options.sweep(context.catalog);
  const Interrupt interrupt;
  const auto planned = plan_sweep(spec, context.catalog, {options.worker(), interrupt.fd()});
  for (const auto& scheduled : planned.schedule.cells) {
    fmt::print(context.out, "{}  {}  {}\n", cell_label(scheduled.cell, planned.info.axes),
               planned_peak(scheduled.plan), verdict(scheduled));
  }
  fmt::print(context.error, "{}, {}\n", count_text(planned.schedule.cells.size(), "cell"),
             count_text(planned.schedule.launches.size(), "launch", "es"));
  return kExitDone;
}

}  // namespace harness
