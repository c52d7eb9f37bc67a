#include "harness/cli/list_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/cell_line.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/planned_sweep.h"
#include "harness/count_text.h"
#include "harness/launch/interrupt.h"

namespace harness {

int list_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep list");
  options.add_sweep();
  options.add_shard();
  options.add_worker();
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto spec = options.sweep(context.catalog);
  const Interrupt interrupt;
  auto planned = plan_sweep(spec, context.catalog, {options.worker(spec.device), interrupt.fd()},
                            options.filter(spec, context.catalog));
  if (const auto shard = options.shard()) keep_shard(planned, *shard);
  for (const auto& scheduled : planned.schedule.cells) {
    fmt::print(context.out, "{}\n", cell_line(scheduled, planned.info.axes));
  }
  fmt::print(context.error, "{}{}, {}\n", filter_text(planned),
             count_text(planned.schedule.cells.size(), "cell"),
             count_text(planned.schedule.launches.size(), "launch", "es"));
  return kExitDone;
}

}  // namespace harness
