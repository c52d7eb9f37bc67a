#pragma once

#include <string>
#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/spec/flag_sets.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// A flag set as a sweep file writes it, an array of names; checked against the catalog.
FlagSet read_flag_set(const SpecNode& node, const Catalog& catalog);

/// The `flags` axis: a list of flag sets, "all", "cheapest", or {"sets": one of these, "add":
/// [..]}.
FlagAxis read_flag_axis(const SpecNode& node, const Catalog& catalog,
                        const std::vector<std::string>& implementations);

}  // namespace harness
