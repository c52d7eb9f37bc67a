#include "harness/cli/plan_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/output_location.h"
#include "harness/cli/planned_sweep.h"
#include "harness/count_text.h"
#include "harness/launch/interrupt.h"
#include "harness/store/run_directory.h"

namespace harness {

int plan_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep plan");
  options.add_sweep();
  options.add_out();
  options.add_worker();
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto spec = options.sweep(context.catalog);
  const auto location = output_location("plan", spec.name, options.out());
  check_run_location(location);
  const Interrupt interrupt;
  const auto planned =
      plan_sweep(spec, context.catalog, {options.worker(spec.device), interrupt.fd()},
                 options.filter(spec, context.catalog));
  fmt::print(context.error, "{}", filter_text(planned));

  create_run_directory(location);
  context.reporter.write_plan(location.directory, planned.info);
  context.reporter.print_plan(context.out, planned.info);
  fmt::print(context.error, "{} planned in {:.1f} s, {} of them the sweep's; tables in {}\n",
             count_text(planned.planned_cells, "cell"), planned.planning_seconds,
             planned.info.plans.size(), location.directory.string());
  return kExitDone;
}

}  // namespace harness
