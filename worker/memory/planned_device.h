#pragma once

#include "worker/memory/planning_scope.h"

namespace worker {

/// Whether this thread plans for a CUDA device.
inline bool plans_for_cuda() {
  const auto* const scope = PlanningScope::current();
  return scope != nullptr && scope->device() == PlannedDevice::kCuda;
}

}  // namespace worker
