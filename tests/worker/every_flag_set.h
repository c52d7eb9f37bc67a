#pragma once

#include <vector>

#include "apps/catalog.h"
#include "harness/spec/flag_sets.h"

namespace worker {

/// Every valid set of the flags that an implementation has, those that save no memory too.
inline std::vector<harness::FlagSet> every_flag_set(
    const harness::ImplementationEntry& implementation) {
  const auto& catalog = apps::catalog();
  auto sets = harness::memory_flag_sets(catalog, implementation);
  for (const auto& flag : catalog.flags) {
    if (flag.memory_flag || !harness::supports(implementation, {flag.name})) continue;
    for (size_t i = 0, count = sets.size(); i < count; ++i) {
      auto with = sets[i];
      with.push_back(flag.name);
      sets.push_back(harness::in_catalog_order(catalog, with));
    }
  }
  return sets;
}

}  // namespace worker
