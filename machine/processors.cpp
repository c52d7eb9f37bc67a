#include "machine/processors.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <sched.h>

#include "machine/control_groups.h"
#include "machine/number_file.h"

namespace machine {
namespace {

namespace fs = std::filesystem;

/// Processors' worth of time that cpu.max ("quota period" or "max period") grants.
std::optional<double> unified_grant(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0;
  double period = 0;
  if (!(file >> quota >> period) || period <= 0) return std::nullopt;
  return quota / period;
}

std::optional<double> legacy_grant(const fs::path& group) {
  const auto quota = read_number(group / "cpu.cfs_quota_us");
  const auto period = read_number(group / "cpu.cfs_period_us");
  if (!quota || !period || *quota < 0 || *period <= 0) return std::nullopt;  // -1: no bound
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

/// The least processor that shares `processor`'s core; the same for all that do.
int core_of(int processor, const fs::path& root) {
  const auto file = root / "sys/devices/system/cpu" / ("cpu" + std::to_string(processor)) /
                    "topology/thread_siblings_list";
  return static_cast<int>(read_number(file).value_or(processor));
}

}  // namespace

std::vector<int> allowed_processors() {
  // The kernel refuses a set that is smaller than its own, which may be larger than cpu_set_t.
  for (int size = CPU_SETSIZE; size <= (1 << 20); size *= 2) {
    const auto bytes = CPU_ALLOC_SIZE(size);
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(
        CPU_ALLOC(size), [](cpu_set_t* owned) { CPU_FREE(owned); });
    if (::sched_getaffinity(0, bytes, set.get()) != 0) {
      if (errno == EINVAL) continue;
      return {};
    }
    std::vector<int> processors;
    for (int i = 0; i < size; ++i) {
      if (CPU_ISSET_S(i, bytes, set.get())) processors.push_back(i);
    }
    return processors;
  }
  return {};
}

int granted_processors(const std::vector<int>& allowed, const fs::path& root) {
  auto granted = static_cast<double>(std::max<std::size_t>(1, allowed.size()));
  const auto groups = control_groups("cpu", root);
  for (const auto& group : groups.unified) {
    granted = std::min(granted, unified_grant(group).value_or(granted));
  }
  for (const auto& group : groups.legacy) {
    granted = std::min(granted, legacy_grant(group).value_or(granted));
  }
  return std::max(1, static_cast<int>(std::ceil(granted)));
}

int available_processors() {
  return granted_processors(allowed_processors());
}

std::vector<int> one_to_a_core(const std::vector<int>& processors, const fs::path& root) {
  std::map<int, int> seen;  // of each core
  std::vector<std::pair<int, int>> turns;
  for (const int processor : processors) {
    turns.emplace_back(seen[core_of(processor, root)]++, processor);
  }
  std::stable_sort(turns.begin(), turns.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<int> ordered;
  for (const auto& turn : turns) ordered.push_back(turn.second);
  return ordered;
}

std::string processor_list(const std::vector<int>& processors) {
  std::string text;
  for (std::size_t i = 0; i < processors.size();) {
    std::size_t last = i;
    while (last + 1 < processors.size() && processors[last + 1] == processors[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(processors[i]);
    if (last > i) text += '-' + std::to_string(processors[last]);
    i = last + 1;
  }
  return text;
}

}  // namespace machine
