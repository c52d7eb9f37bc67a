#include "harness/cli/compare_command.h"

#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include "harness/analysis/environment_difference.h"
#include "harness/analysis/run_comparison.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/stored_run.h"
#include "harness/harness_error.h"
#include "harness/store/run_directory.h"

namespace harness {
namespace {

/// Of the machines that two runs were measured on; empty where they are the same, or a run does not
/// say.
std::string machine_differences(const std::filesystem::path& before,
                                const std::filesystem::path& after) {
  const auto first = read_origin(before);
  const auto second = read_origin(after);
  if (!first || !second) return "";
  for (const RunStart& start : first->starts) {
    for (const RunStart& other : second->starts) {
      auto differing = differences(start.machine, other.machine);
      if (!differing.empty()) return differing;
    }
  }
  return "";
}

/// "threads (2 before, 4 after); another machine (...)"; empty where both were measured alike.
std::string differences_text(const StoredRun& before, const StoredRun& after,
                             const std::string& machine) {
  std::vector<std::string> parts;
  if (before.info.device.kind != after.info.device.kind) {
    parts.push_back(fmt::format("device ({} before, {} after)", before.info.device.kind,
                                after.info.device.kind));
  }
  for (const auto& difference :
       environment_differences(before.stored.records, after.stored.records)) {
    parts.push_back(fmt::format("{} ({} before, {} after)", difference.what, difference.before,
                                difference.after));
  }
  if (!machine.empty()) parts.push_back(fmt::format("another machine ({})", machine));
  return fmt::format("{}", fmt::join(parts, "; "));
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
  const auto differences =
      differences_text(before, after, machine_differences(before_directory, after_directory));
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
