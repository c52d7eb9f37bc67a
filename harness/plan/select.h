#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/plan/schedule.h"
#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// The cells of the sweep and what will run. `candidates` are expand()'s and `predicted` their
/// plans. "cheapest" is narrowed here; find_obstacle() says what is not launched.
/// `machine_available_bytes`: what this machine can still give to a worker; none means unknown.
/// Throws std::invalid_argument where there is not one plan a candidate.
Schedule select(const SweepSpec& spec, const Catalog& catalog, const std::vector<Cell>& candidates,
                const PlanReply& predicted, std::optional<int64_t> machine_available_bytes);

/// One round of one cell outside any sweep; `predicted` holds its plan. It is launched even where
/// the plan puts it over its limit, as a sweep does next to a boundary: nobody asks for one cell to
/// be told what the plan says. Else find_obstacle() decides.
Schedule select_one(const Cell& cell, const PlanReply& predicted,
                    std::optional<int64_t> machine_available_bytes);

}  // namespace harness
