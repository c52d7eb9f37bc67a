#pragma once

#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// The `exclude` rules; each names axes and values that `spec` (with its axes already read) has.
std::vector<ExcludeRule> read_exclude(const SpecNode& node, const Catalog& catalog,
                                      const SweepSpec& spec);

}  // namespace harness
