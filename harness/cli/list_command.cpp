#include "harness/cli/list_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/planned_sweep.h"
#include "harness/cli/progress_text.h"
#include "harness/launch/interrupt.h"

namespace harness {
namespace {

std::string verdict(const ScheduledCell& scheduled) {
  if (!scheduled.not_launched) return fmt::format("{} rounds", scheduled.cell.measure.rounds);
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
  fmt::print(context.error, "{} cells, {} launches\n", planned.schedule.cells.size(),
             planned.schedule.launches.size());
  return kExitDone;
}

}  // namespace harness
