#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// Flags that are used together, in catalog order.
using FlagSet = std::vector<std::string>;

/// `flags` in catalog order; all must be known to the catalog.
FlagSet in_catalog_order(const Catalog& catalog, const std::vector<std::string>& flags);

/// Why two of `flags` cannot be combined, one line; none where they can.
std::optional<std::string> find_conflict(const Catalog& catalog, const FlagSet& flags);

bool supports(const ImplementationEntry& implementation, const FlagSet& flags);

/// Every valid subset of the memory flags that `implementation` supports, fewest flags first.
std::vector<FlagSet> memory_flag_sets(const Catalog& catalog,
                                      const ImplementationEntry& implementation);

/// The flag sets that `axis` gives `implementation`: of a list those it supports; of "all" and
/// "cheapest" every valid subset of its memory flags, each with those of axis.add that it supports.
std::vector<FlagSet> flag_sets(const Catalog& catalog, const ImplementationEntry& implementation,
                               const FlagAxis& axis);

}  // namespace harness
