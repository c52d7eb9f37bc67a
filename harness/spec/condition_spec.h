#pragma once

#include "harness/protocol/catalog.h"
#include "harness/protocol/cell_condition.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// An object of axes and values, `{"implementation": "fused", "micro_batch": 8}`, each of which
/// `spec` (with its axes already read) has.
CellCondition read_condition(const SpecNode& node, const Catalog& catalog, const SweepSpec& spec);

}  // namespace harness
