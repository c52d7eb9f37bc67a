#include "harness/cli/compare_command.h"

#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/analysis/environment_difference.h"
#include "harness/analysis/run_comparison.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/stored_run.h"
#include "harness/harness_error.h"

namespace harness {
namespace {

/// "threads (2 before, 4 after); LibTorch (...)"; empty where the environments are the same.
std::string differences_text(const StoredRun& before, const StoredRun& after) {
  std::string text;
  if (before.info.device.kind != after.info.device.kind) {
    text = fmt::format("device ({} before, {} after)", before.info.device.kind,
                       after.info.device.kind);
  }
  for (const auto& difference :
       environment_differences(before.stored.records, after.stored.records)) {
    text += fmt::format("{}{} ({} before, {} after)", text.empty() ? "" : "; ", difference.what,
                        difference.before, difference.after);
  }
  return text;
}

}  // namespace

int compare_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep compare");
  std::filesystem::path before_directory;
  std::filesystem::path after_directory;
  bool force = false;
  options.app().add_option("BEFORE", before_directory)->required();
  options.app().add_option("AFTER", after_directory)->required();
  options.app().add_flag("--force", force);
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto before = read_run_aloud(before_directory, context.error);
  const auto after = read_run_aloud(after_directory, context.error);
  const auto differences = differences_text(before, after);
  if (!differences.empty() && !force) {
    throw UsageError(fmt::format(
        "the runs were not measured alike, so a difference would say nothing about the build: {}; "
        "--force compares them all the same",
        differences));
  }
  if (!differences.empty()) {
    fmt::print(context.error, "bench_sweep: warning: the runs were not measured alike: {}\n",
               differences);
  }
  context.reporter.print_comparison(
      context.out,
      compare_runs(before.info,
                   summarize_cells(before.info, before.stored.records, context.catalog), after.info,
                   summarize_cells(after.info, after.stored.records, context.catalog), force));
  return kExitDone;
}

}  // namespace harness
