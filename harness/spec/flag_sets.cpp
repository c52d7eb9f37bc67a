#include "harness/spec/flag_sets.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace harness {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

FlagSet in_catalog_order(const Catalog& catalog, const std::vector<std::string>& flags) {
  FlagSet ordered;
  for (const FlagEntry& entry : catalog.flags) {
    if (contains(flags, entry.name)) {
      ordered.push_back(entry.name);
    }
  }
  return ordered;
}

std::optional<std::string> find_conflict(const Catalog& catalog, const FlagSet& flags) {
  for (const std::string& flag : flags) {
    const FlagEntry& entry = *catalog.find_flag(flag);
    for (const std::string& other : entry.excludes) {
      if (contains(flags, other)) {
        return fmt::format("'{}' and '{}' cannot be combined: {}", flag, other,
                           entry.excludes_reason);
      }
    }
  }
  return std::nullopt;
}

bool supports(const ImplementationEntry& implementation, const FlagSet& flags) {
  return std::all_of(flags.begin(), flags.end(),
                     [&](const std::string& flag) { return contains(implementation.flags, flag); });
}

std::vector<FlagSet> memory_flag_sets(const Catalog& catalog,
                                      const ImplementationEntry& implementation) {
  std::vector<FlagSet> sets = {{}};
  for (const FlagEntry& entry : catalog.flags) {
    if (!entry.memory_flag || !contains(implementation.flags, entry.name)) {
      continue;
    }
    const std::size_t without = sets.size();
    for (std::size_t i = 0; i < without; ++i) {
      FlagSet with = sets[i];
      with.push_back(entry.name);
      if (!find_conflict(catalog, with)) {
        sets.push_back(std::move(with));
      }
    }
  }
  std::stable_sort(sets.begin(), sets.end(),
                   [](const FlagSet& a, const FlagSet& b) { return a.size() < b.size(); });
  return sets;
}

std::vector<FlagSet> flag_sets(const Catalog& catalog, const ImplementationEntry& implementation,
                               const FlagAxis& axis) {
  std::vector<FlagSet> candidates =
      axis.kind == FlagAxis::Kind::kSets ? axis.sets : memory_flag_sets(catalog, implementation);
  std::vector<FlagSet> sets;
  for (FlagSet& set : candidates) {
    for (const std::string& flag : axis.add) {
      if (contains(implementation.flags, flag)) {
        set.push_back(flag);
      }
    }
    set = in_catalog_order(catalog, set);
    if (supports(implementation, set) && !find_conflict(catalog, set)) {
      sets.push_back(std::move(set));
    }
  }
  return sets;
}

}  // namespace harness
