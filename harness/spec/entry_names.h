#pragma once

#include <string>
#include <vector>

namespace harness {

/// The names of a catalog's implementations or flags, in its order.
template <class Entry>
std::vector<std::string> names_of(const std::vector<Entry>& entries) {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  return names;
}

}  // namespace harness
