#pragma once

#include "harness/protocol/cell.h"
#include "harness/spec/spec_node.h"

namespace harness {

/// The `measure` of a sweep; what it leaves out has Measure's defaults.
Measure read_measure(const SpecNode& node);

}  // namespace harness
