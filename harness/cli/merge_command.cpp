#include "harness/cli/merge_command.h"

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/analysis/merged_run.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/progress_text.h"
#include "harness/count_text.h"
#include "harness/harness_error.h"
#include "harness/plan/shard.h"
#include "harness/store/run_directory.h"
#include "harness/store/trace_file.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

RunPart read_part(const fs::path& directory, std::ostream& messages) {
  auto run = read_run(directory);
  auto origin = read_origin(directory);
  if (!origin || (origin->starts.empty() && !run.stored.records.empty())) {
    throw UsageError(
        fmt::format("cannot merge {}: it has no origin.json that says where its records come from; "
                    "put it back, or leave this run out (gate, selftest and tune write none)",
                    directory.string()));
  }
  if (!run.stored.warning.empty()) {
    fmt::print(messages, "bench_sweep: warning: {}\n", run.stored.warning);
  }
  return {directory.string(), std::move(*origin), std::move(run.info),
          std::move(run.stored.records)};
}

/// The shards that no part is, where every part is a shard of as many: " 2/4, 3/4".
std::string missing_shards(const std::vector<RunPart>& parts) {
  std::set<int64_t> present;
  std::set<int64_t> counts;
  for (const auto& part : parts) {
    const auto fact = part.origin.sweep.find(kShardFact);
    if (fact == part.origin.sweep.end()) return "";
    const auto shard = parse_shard(fact->second);
    present.insert(shard.index);
    counts.insert(shard.count);
  }
  if (counts.size() != 1) return "";
  std::string missing;
  for (int64_t index = 1; index <= *counts.begin(); ++index) {
    if (present.contains(index)) continue;
    missing += (missing.empty() ? " " : ", ") + to_string(Shard{index, *counts.begin()});
  }
  return missing;
}

void write_run(const fs::path& directory, const MergedRun& run,
               const std::vector<fs::path>& parts) {
  write_origin(directory, run.origin);
  write_run_info(directory, run.info);
  write_records(directory, run.records);
  for (const auto& part : parts) copy_traces(part, directory);
}

}  // namespace

int merge_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep merge");
  std::vector<fs::path> directories;
  MergePolicy policy;
  options.app().add_option("RUN_DIR", directories)->required();
  options.add_out();
  options.app().add_flag("--other-machine", policy.other_machine);
  options.app().add_flag("--other-build", policy.other_build);
  if (!options.parse(arguments, context.out)) return kExitDone;

  std::vector<RunPart> parts;
  for (const auto& directory : directories) parts.push_back(read_part(directory, context.error));
  const auto run = merge_runs(parts, policy);
  const auto location =
      run_location(run.info.name, options.out(), std::chrono::system_clock::now());
  check_run_location(location);
  create_run_directory(location);
  write_run(location.directory, run, directories);

  context.reporter.write(location.directory, run.info, run.records);
  context.reporter.print(context.out, run.info, run.records);
  fmt::print(context.error, "{} of {} in {}\n", summary_text(run.records),
             count_text(parts.size(), "run"), location.directory.string());
  if (run.repeated > 0) {
    fmt::print(context.error, "{} in more than one run, kept once\n",
               count_text(run.repeated, "record"));
  }
  if (const auto missing = missing_shards(parts); !missing.empty()) {
    fmt::print(context.error, "not merged, so missing in the tables: shards{}\n", missing);
  }
  return kExitDone;
}

}  // namespace harness
