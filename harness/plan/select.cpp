#include "harness/plan/select.h"

#include <numeric>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/plan/cheapest.h"
#include "harness/plan/launch_order.h"
#include "harness/plan/memory_fit.h"
#include "harness/plan/obstacle.h"

namespace harness {
namespace {

/// The reason of the first rule that names `cell`, or none.
std::optional<std::string> exclude_reason(const SweepSpec& spec, const Cell& cell) {
  for (const ExcludeRule& rule : spec.exclude) {
    if (matches(rule.when, cell)) return rule.reason;
  }
  return std::nullopt;
}

/// The cell with what keeps it from being launched.
ScheduledCell scheduled_cell(const Cell& cell, const Plan& plan, const Surroundings& surroundings) {
  ScheduledCell scheduled{cell, plan, std::nullopt, ""};
  if (auto obstacle = find_obstacle(cell, plan, surroundings)) {
    scheduled.not_launched = obstacle->status;
    scheduled.reason = std::move(obstacle->reason);
  }
  return scheduled;
}

}  // namespace

Schedule select(const SweepSpec& spec, const Catalog& catalog, const std::vector<Cell>& candidates,
                const PlanReply& predicted, std::optional<int64_t> machine_available_bytes) {
  if (predicted.plans.size() != candidates.size()) {
    throw std::invalid_argument(
        fmt::format("{} plans for {} cells", predicted.plans.size(), candidates.size()));
  }
  std::vector<std::optional<std::string>> reasons;
  std::vector<bool> excluded;
  for (const Cell& cell : candidates) {
    reasons.push_back(exclude_reason(spec, cell));
    excluded.push_back(reasons.back().has_value());
  }
  std::vector<std::size_t> chosen(candidates.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  if (spec.flags.kind == FlagAxis::Kind::kCheapest) {
    chosen = select_cheapest(candidates, predicted.plans, excluded, catalog);
  }
  const std::vector<bool> boundaries = find_boundaries(candidates, predicted.plans);
  Schedule schedule;
  for (const std::size_t i : chosen) {
    schedule.cells.push_back(scheduled_cell(candidates[i], predicted.plans[i],
                                            {.device = predicted.device,
                                             .machine_available_bytes = machine_available_bytes,
                                             .exclude_reason = reasons[i],
                                             .try_over_limit = boundaries[i]}));
  }
  schedule.launches = order_launches(schedule.cells);
  return schedule;
}

Schedule select_one(const Cell& cell, const PlanReply& predicted,
                    std::optional<int64_t> machine_available_bytes) {
  Schedule schedule;
  schedule.cells.push_back(scheduled_cell(cell, predicted.plans.at(0),
                                          {.device = predicted.device,
                                           .machine_available_bytes = machine_available_bytes,
                                           .try_over_limit = true}));
  if (!schedule.cells.front().not_launched) schedule.launches.push_back({0, 0});
  return schedule;
}

}  // namespace harness
