#pragma once

#include <functional>
#include <vector>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"

namespace harness {

/// Answers what cells need in memory: one plan a cell, in their order. The launch folder supplies
/// the process behind it; the planning itself only asks.
using Predictor = std::function<PlanReply(const std::vector<Cell>&)>;

}  // namespace harness
