#include "harness/analysis/environment_difference.h"

#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace harness {
namespace {

struct Key {
  const char* key;   ///< a JSON pointer into a record's environment
  const char* what;  ///< in words
};

constexpr std::array kKeys = {
    Key{"/cpu", "processor"},     Key{"/processors", "number of processors"},
    Key{"/threads", "threads"},   Key{"/kernel_simd", "instruction set"},
    Key{"/libtorch", "LibTorch"}, Key{"/math_libraries", "mathematical libraries"},
    Key{"/gpu/name", "GPU"},      Key{"/gpu/driver", "driver of the GPU"},
};

bool says_where(const Record& record) {
  return record.environment.is_object() && !record.environment.empty();
}

/// Every value of `key` in the records, as text.
std::set<std::string> values_of(const std::vector<Record>& records, const char* key) {
  const nlohmann::json::json_pointer place(key);
  std::set<std::string> values;
  for (const Record& record : records) {
    if (!says_where(record) || !record.environment.contains(place)) continue;
    const auto& value = record.environment.at(place);
    values.insert(value.is_string() ? value.get<std::string>() : value.dump());
  }
  return values;
}

std::string text_of(const std::set<std::string>& values) {
  return values.empty() ? "not recorded" : fmt::format("{}", fmt::join(values, " and "));
}

bool any_says_where(const std::vector<Record>& records) {
  for (const Record& record : records) {
    if (says_where(record)) return true;
  }
  return false;
}

}  // namespace

std::vector<EnvironmentDifference> environment_differences(const std::vector<Record>& before,
                                                           const std::vector<Record>& after) {
  std::vector<EnvironmentDifference> differences;
  if (!any_says_where(before) || !any_says_where(after)) return differences;
  for (const Key& key : kKeys) {
    const auto first = values_of(before, key.key);
    const auto second = values_of(after, key.key);
    if (first != second) differences.push_back({key.what, text_of(first), text_of(second)});
  }
  return differences;
}

}  // namespace harness
