#pragma once

#include <cstdint>

#include <ATen/Parallel.h>

#include "worker/memory/planning_scope.h"

namespace worker {

/// Whether this thread plans for a CUDA device.
inline bool plans_for_cuda() {
  const auto* const scope = PlanningScope::current();
  return scope != nullptr && scope->device() == PlannedDevice::kCuda;
}

/// Threads that the planned run computes with.
inline int64_t planned_threads() {
  const auto* const scope = PlanningScope::current();
  return scope != nullptr ? scope->threads() : at::get_num_threads();
}

}  // namespace worker
