#include "harness/cli/gate_run.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "harness/analysis/cell_label.h"
#include "harness/cli/kept_run.h"
#include "harness/cli/measurement.h"
#include "harness/cli/planned_sweep.h"
#include "harness/plan/pair_order.h"
#include "harness/spec/gate_spec.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

PlannedSweep plan_side(const GateSide& side, const GateSetting& setting) {
  auto spec = side.spec;
  spec.measure.rounds = setting.rounds;
  return plan_sweep(spec, setting.catalog, side.worker, side.filter);
}

BudgetOf budgets(const SweepSpec& spec, const GateSetting& setting) {
  return [&](const Cell& cell) { return budget_of(spec.gate, cell, setting.defaults); };
}

/// Measures both sides of every cell and judges them.
std::vector<CellVerdict> measure_pairs(const PlannedSweep& planned_before,
                                       const PlannedSweep& planned_after, const GateSide& before,
                                       const GateSide& after, const GateSetting& setting,
                                       uint64_t seed, const fs::path& directory) {
  const auto paired = pair_schedules(planned_before.schedule, planned_after.schedule, seed);
  KeptRun kept_before(directory / "before", planned_before.info);
  KeptRun kept_after(directory / "after", planned_after.info);
  Progress progress(setting.progress, paired.schedule, planned_after.info.axes);
  measure(
      paired.schedule,
      [&](std::size_t cell) { return paired.is_after(cell) ? after.worker : before.worker; },
      [&](std::size_t cell, const Record& record) {
        (paired.is_after(cell) ? kept_after : kept_before).keep(record);
      },
      progress);
  return judge_gate(summarize_cells(kept_before.info(), kept_before.records(), setting.catalog),
                    summarize_cells(kept_after.info(), kept_after.records(), setting.catalog),
                    budgets(after.spec, setting), GateAgainst::kWorker);
}

/// What is left of a side where only the cells in `identities` are measured.
PlannedSweep only(const PlannedSweep& planned, const std::set<std::string>& identities) {
  const auto is_other = [&](const auto& cell) {
    return identities.count(cell_identity(cell.cell)) == 0;
  };
  PlannedSweep result = planned;
  std::erase_if(result.schedule.cells, is_other);
  std::erase_if(result.info.plans, is_other);
  result.schedule.launches.clear();
  return result;
}

/// On a simulated device, noise of other streams: the same noise would say the same again.
PlannedSweep drawn_anew(PlannedSweep planned) {
  const auto draw = [](Cell& cell) {
    if (cell.device.simulated) cell.device.simulated->stream += kStreamsOfAMeasurement;
  };
  for (auto& scheduled : planned.schedule.cells) draw(scheduled.cell);
  for (auto& cell : planned.info.plans) draw(cell.cell);
  return planned;
}

std::set<std::string> unconfirmed(const std::vector<CellVerdict>& verdicts) {
  std::set<std::string> identities;
  for (const auto& verdict : verdicts) {
    if (needs_confirmation(verdict)) identities.insert(cell_identity(verdict.cell));
  }
  return identities;
}

GateResult result_of(const std::string& before, const GateSide& after, const GateSetting& setting,
                     GateAgainst against) {
  GateResult result;
  result.name = after.spec.name;
  result.before = before;
  result.after = after.label;
  result.against = against;
  result.rounds = setting.rounds;
  result.seed = setting.seed;
  return result;
}

}  // namespace

GateRun gate_against_worker(const GateSide& before, const GateSide& after,
                            const GateSetting& setting, const fs::path& directory) {
  const auto planned_before = plan_side(before, setting);
  const auto planned_after = plan_side(after, setting);
  GateRun run{result_of(before.label, after, setting, GateAgainst::kWorker),
              planned_after.info.device};
  run.result.axes = planned_after.info.axes;
  run.result.cells =
      measure_pairs(planned_before, planned_after, before, after, setting, setting.seed, directory);
  const auto again = unconfirmed(run.result.cells);
  if (again.empty()) return run;
  // Another seed: "from scratch" means in another order, too.
  confirm(run.result, measure_pairs(drawn_anew(only(planned_before, again)),
                                    drawn_anew(only(planned_after, again)), before, after, setting,
                                    setting.seed + 1, directory / "again"));
  return run;
}

GateRun gate_against_run(const StoredRun& before, const std::string& label, const GateSide& after,
                         const GateSetting& setting, const fs::path& directory) {
  const auto planned = plan_side(after, setting);
  GateRun run{result_of(label, after, setting, GateAgainst::kRun), planned.info.device};
  run.result.axes = joined_axes(planned.info.axes, before.info.axes);
  KeptRun kept(directory / "after", planned.info);
  Progress progress(setting.progress, planned.schedule, planned.info.axes);
  measure(
      planned.schedule, after.worker, [&](const Record& record) { kept.keep(record); }, progress);
  run.result.cells =
      judge_gate(summarize_cells(before.info, before.stored.records, setting.catalog),
                 summarize_cells(kept.info(), kept.records(), setting.catalog),
                 budgets(after.spec, setting), GateAgainst::kRun);
  if (!after.filter.text().empty()) {  // what the filter leaves out is not lost
    std::erase_if(run.result.cells, [](const CellVerdict& cell) { return !cell.status.after; });
  }
  return run;
}

}  // namespace harness
