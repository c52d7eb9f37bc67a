#include "harness/plan/select.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/plan/cheapest.h"
#include "harness/plan/launch_order.h"
#include "harness/plan/memory_fit.h"

namespace harness {
namespace {

constexpr const char* kCpu = "cpu";

/// The reason of the first rule that names `cell`, or none.
std::optional<std::string> exclude_reason(const SweepSpec& spec, const Cell& cell) {
  for (const ExcludeRule& rule : spec.exclude) {
    if (std::all_of(rule.when.begin(), rule.when.end(), [&](const auto& condition) {
          return cell.axis_text(condition.first) == condition.second;
        })) {
      return rule.reason;
    }
  }
  return std::nullopt;
}

std::string mebibytes(double bytes) {
  return fmt::format("{:.0f} MiB", bytes / (1 << 20));
}

void leave(ScheduledCell& scheduled, Status status, std::string reason) {
  scheduled.not_launched = status;
  scheduled.reason = std::move(reason);
}

/// Bytes that a worker with this plan takes from the machine: a memory limit stops it before its
/// peak.
double machine_bytes(const Cell& cell, int64_t peak_bytes) {
  const int64_t bytes = std::min(peak_bytes, cell.device.usable_bytes().value_or(peak_bytes));
  return static_cast<double>(bytes) * kMachineMemoryFactor + static_cast<double>(kWorkerBaseBytes);
}

/// Decide whether memory, of the device or the machine, keeps a cell with a plan from running.
void judge_memory(bool next_to_boundary, std::optional<int64_t> machine_available_bytes,
                  ScheduledCell& scheduled) {
  const Cell& cell = scheduled.cell;
  const int64_t peak = scheduled.plan.footprint->peak_bytes;
  if (!next_to_boundary && clearly_too_large(cell, scheduled.plan)) {
    leave(scheduled, Status::kOutOfMemory,
          fmt::format("the planned peak of {} is more than {:.0f} % over the {} that the memory "
                      "limit leaves",
                      mebibytes(static_cast<double>(peak)), kClearMargin * 100,
                      mebibytes(static_cast<double>(*cell.device.usable_bytes()))));
    return;
  }
  if (cell.device.kind != kCpu || !machine_available_bytes) {
    return;
  }
  const double needed = machine_bytes(cell, peak);
  if (needed > static_cast<double>(*machine_available_bytes)) {
    leave(scheduled, Status::kSkipped,
          fmt::format("this machine has {} of free memory, the cell may need {}",
                      mebibytes(static_cast<double>(*machine_available_bytes)), mebibytes(needed)));
  }
}

void judge(const DeviceStatus& device, const std::optional<std::string>& excluded,
           bool next_to_boundary, std::optional<int64_t> machine_available_bytes,
           ScheduledCell& scheduled) {
  if (!device.available) {
    leave(scheduled, Status::kUnsupported, device.reason);
  } else if (excluded) {
    leave(scheduled, Status::kSkipped, *excluded);
  } else if (const auto reason = unsupported_precision(scheduled.cell)) {
    leave(scheduled, Status::kUnsupported, *reason);
  } else if (!scheduled.plan.footprint) {
    leave(scheduled, Status::kUnsupported, scheduled.plan.unsupported_reason);
  } else {
    judge_memory(next_to_boundary, machine_available_bytes, scheduled);
  }
}

}  // namespace

std::optional<std::string> unsupported_precision(const Cell& cell) {
  if (cell.device.kind == kCpu && cell.precision == "fp16") {
    return "fp16 on the CPU is not supported: no loss scaling and no fast arithmetic there; use "
           "bf16";
  }
  return std::nullopt;
}

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
    ScheduledCell scheduled{candidates[i], predicted.plans[i], std::nullopt, ""};
    judge(predicted.device, reasons[i], boundaries[i], machine_available_bytes, scheduled);
    schedule.cells.push_back(std::move(scheduled));
  }
  schedule.launches = order_launches(schedule.cells);
  return schedule;
}

}  // namespace harness
