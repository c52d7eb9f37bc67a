#include "harness/cli/report_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/progress_text.h"
#include "harness/store/run_directory.h"

namespace harness {

int report_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep report");
  std::filesystem::path directory;
  options.app().add_option("RUN_DIR", directory)->required();
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto [info, stored] = read_run(directory);
  if (!stored.warning.empty()) {
    fmt::print(context.error, "bench_sweep: warning: {}\n", stored.warning);
  }
  context.reporter.write(directory, info, stored.records);
  context.reporter.print(context.out, info, stored.records);
  fmt::print(context.error, "{} in {}\n", summary_text(stored.records), directory.string());
  return kExitDone;
}

}  // namespace harness
