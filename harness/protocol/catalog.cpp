#include "harness/protocol/catalog.h"

#include <algorithm>

namespace harness {
namespace {

template <typename Entry>
const Entry* find_by_name(const std::vector<Entry>& entries, const std::string& name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

const ImplementationEntry* Catalog::find_implementation(const std::string& name) const {
  return find_by_name(implementations, name);
}

ImplementationEntry Catalog::implementation(const std::string& name) const {
  const auto* const entry = find_implementation(name);
  return entry == nullptr ? ImplementationEntry{name, {}} : *entry;
}

const FlagEntry* Catalog::find_flag(const std::string& name) const {
  return find_by_name(flags, name);
}

std::string Catalog::work_of(const std::vector<std::string>& names) const {
  std::string work;
  for (const std::string& name : names) {
    const FlagEntry* entry = find_flag(name);
    if (entry == nullptr || entry->work.empty()) continue;
    work += (work.empty() ? "" : ", ") + entry->work;
  }
  return work;
}

}  // namespace harness
