#pragma once

#include <string>

#include "harness/protocol/cell.h"
#include "harness/spec/spec_node.h"

namespace harness {

/// The `measure` of a sweep on `device`; what it leaves out has Measure's defaults.
Measure read_measure(const SpecNode& node, const Device& device);

/// What is wrong with a CUDA graph for `measure` on `device`; empty where nothing is, or where it
/// asks for none.
std::string graph_error(const Measure& measure, const Device& device);

}  // namespace harness
