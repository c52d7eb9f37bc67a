#pragma once

#include "harness/protocol/catalog.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// `simulated` of a sweep's device (axes of `spec` already read): fills in spec.device.simulated
/// and spec.device_after. Each implementation of the sweep must be there.
void read_simulated(const SpecNode& node, const Catalog& catalog, SweepSpec& spec);

}  // namespace harness
