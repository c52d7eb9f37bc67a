#pragma once

#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// The `gate` of a sweep; its rules name axes and values that `spec` (with its axes already read)
/// has.
GateSpec read_gate(const SpecNode& node, const Catalog& catalog, const SweepSpec& spec);

/// The budget of a cell: of the last rule that names it and says one; else of the gate as a whole;
/// else `defaults`.
GateBudget budget_of(const GateSpec& gate, const Cell& cell, const GateBudget& defaults);

}  // namespace harness
