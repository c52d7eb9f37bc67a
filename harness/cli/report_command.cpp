#include "harness/cli/report_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "files/atomic_file.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/progress_text.h"
#include "harness/cli/stored_run.h"

namespace harness {

int report_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep report");
  std::filesystem::path directory;
  options.app().add_option("RUN_DIR", directory)->required();
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto [info, stored] = read_run_aloud(directory, context.error);
  files::remove_abandoned_files(directory);
  context.reporter.write(directory, info, stored.records);
  context.reporter.print(context.out, info, stored.records);
  fmt::print(context.error, "{} in {}\n", summary_text(stored.records), directory.string());
  return kExitDone;
}

}  // namespace harness
