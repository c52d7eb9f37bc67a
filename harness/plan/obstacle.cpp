#include "harness/plan/obstacle.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/mib_text.h"
#include "harness/plan/memory_fit.h"

namespace harness {
namespace {

/// Bytes that a worker with this plan takes from the machine: a memory limit stops it before its
/// peak.
double machine_bytes(const Cell& cell, int64_t peak_bytes) {
  const int64_t bytes = std::min(peak_bytes, cell.device.usable_bytes().value_or(peak_bytes));
  return static_cast<double>(bytes) * kMachineMemoryFactor + static_cast<double>(kWorkerBaseBytes);
}

Obstacle over_the_limit(const Cell& cell, int64_t peak_bytes) {
  return {
      Status::kOutOfMemory,
      fmt::format("the planned peak of {} is more than {:.0f} % over the {} that the memory "
                  "limit leaves",
                  mib_text(peak_bytes), kClearMargin * 100, mib_text(*cell.device.usable_bytes()))};
}

/// Whether memory, of the device or the machine, keeps a cell with a plan from running.
std::optional<Obstacle> memory_obstacle(const Cell& cell, const Plan& plan,
                                        const Surroundings& surroundings) {
  const int64_t peak = plan.footprint->peak_bytes;
  if (!surroundings.try_over_limit && clearly_too_large(cell, plan)) {
    return over_the_limit(cell, peak);
  }
  const auto& available = surroundings.machine_available_bytes;
  if (cell.device.kind != "cpu" || !available) return std::nullopt;
  const double needed = machine_bytes(cell, peak);
  if (needed <= static_cast<double>(*available)) return std::nullopt;
  return Obstacle{Status::kSkipped,
                  fmt::format("this machine has {} of free memory, the cell may need {}",
                              mib_text(*available), mib_text(needed))};
}

}  // namespace

std::optional<Obstacle> find_obstacle(const Cell& cell, const Plan& plan,
                                      const Surroundings& surroundings) {
  if (!surroundings.device.available) {
    return Obstacle{Status::kUnsupported, surroundings.device.reason};
  }
  if (surroundings.exclude_reason) return Obstacle{Status::kSkipped, *surroundings.exclude_reason};
  if (!plan.failure_reason.empty()) return Obstacle{Status::kCrashed, plan.failure_reason};
  if (!plan.unsupported_reason.empty()) {
    return Obstacle{Status::kUnsupported, plan.unsupported_reason};
  }
  if (!plan.footprint) return std::nullopt;
  return memory_obstacle(cell, plan, surroundings);
}

}  // namespace harness
