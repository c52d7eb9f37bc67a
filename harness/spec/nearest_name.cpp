#include "harness/spec/nearest_name.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace harness {
namespace {

/// Levenshtein distance: insertions, deletions and replacements of one character.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
    }
  }
  return row.back();
}

}  // namespace

std::string suggest(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t kLongestName = 64;
  const std::string* best = nullptr;
  std::size_t best_distance = 2 + name.size() / 6;
  for (const std::string& candidate : known) {
    if (name.size() > kLongestName) {
      break;
    }
    const std::size_t distance = edit_distance(name, candidate);
    if (distance <= best_distance && distance < candidate.size()) {
      best_distance = distance == 0 ? 0 : distance - 1;
      best = &candidate;
    }
  }
  return best ? fmt::format("did you mean '{}'?", *best)
              : fmt::format("known are {}", fmt::join(known, ", "));
}

}  // namespace harness
