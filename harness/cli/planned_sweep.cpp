#include "harness/cli/planned_sweep.h"

#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "harness/analysis/published.h"
#include "harness/count_text.h"
#include "harness/harness_error.h"
#include "harness/launch/planner.h"
#include "harness/plan/expand.h"
#include "harness/plan/fit_segments.h"
#include "harness/plan/select.h"
#include "machine/memory.h"

namespace harness {
namespace {

using Clock = std::chrono::steady_clock;

/// The plans of candidates without flags that "cheapest" left out: what the baseline would need
/// where it does not run.
void add_plain_plans(const std::vector<Cell>& candidates, const std::vector<Plan>& plans,
                     const CellFilter& filter, RunInfo& info) {
  std::set<std::string> known;
  for (const PlannedCell& planned : info.plans) known.insert(cell_key(planned.cell));
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].flags.empty() && filter.keeps({candidates[i], plans[i], {}, ""}) &&
        known.insert(cell_key(candidates[i])).second) {
      info.plans.push_back({candidates[i], plans[i]});
    }
  }
}

/// Throws UsageError that begins with the sweep file and the key that names the tables.
PublishedTables read_published_tables(const SweepSpec& spec) {
  try {
    return read_published(spec.published);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: /published: {}", spec.file.string(), error.what()));
  }
}

}  // namespace

PlannedSweep plan_sweep(const SweepSpec& spec, const Catalog& catalog, const WorkerAccess& worker,
                        const CellFilter& filter) {
  PlannedSweep result;
  auto& info = result.info;
  if (!spec.published.empty()) info.published = read_published_tables(spec);

  const auto candidates = expand(spec, catalog);
  const auto begin = Clock::now();
  Planner planner(worker);
  const auto predict = [&](const std::vector<Cell>& cells) {
    result.planned_cells += cells.size();
    try {
      return planner.plan(cells);
    } catch (const DataError& error) {
      throw SpecError(fmt::format("{}: /data: {}", spec.file.string(), error.what()));
    }
  };
  const auto predicted = predict(candidates);
  auto filtered = filter_schedule(
      filter, spec,
      select(spec, catalog, candidates, predicted, machine::available_memory_bytes()));
  if (filtered.schedule.cells.empty()) {
    throw SpecError(
        fmt::format("--filter: no cell of {} matches '{}'; `bench_sweep list {}` shows "
                    "the {}",
                    spec.file.string(), filter.text(), spec.file.string(),
                    count_text(filtered.left_out, "cell")));
  }
  result.schedule = std::move(filtered.schedule);
  result.left_out = filtered.left_out;
  result.unpaired = filtered.unpaired;

  info.name = spec.name;
  info.axes = spec.varying_axes;
  info.baseline = spec.baseline;
  info.flag_table_limits = spec.flag_table_limits;
  info.device = predicted.device;
  for (const auto& scheduled : result.schedule.cells) {
    info.plans.push_back({scheduled.cell, scheduled.plan});
  }
  add_plain_plans(candidates, predicted.plans, filter, info);
  info.fits = find_fit_segments(spec, catalog, predict);
  result.planning_seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return result;
}

std::string filter_text(const PlannedSweep& planned) {
  if (planned.left_out == 0) return "";
  const auto kept = planned.schedule.cells.size();
  auto text =
      fmt::format("the filter keeps {} of {}", kept, count_text(kept + planned.left_out, "cell"));
  if (planned.unpaired > 0) {
    text += fmt::format(
        ", and leaves out what {} of those {} compared with (the baseline, the same "
        "without flags, or with the first optimizer)",
        planned.unpaired, planned.unpaired == 1 ? "is" : "are");
  }
  return text + "\n";
}

void keep_shard(PlannedSweep& planned, const Shard& shard) {
  try {
    planned.schedule = shard_of(planned.schedule, shard);
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("--shard {}: {}", to_string(shard), error.what()));
  }
}

std::string device_absent_text(const DeviceStatus& device) {
  return fmt::format("no {} device was found: {}; planned only", device.name(), device.reason);
}

}  // namespace harness
