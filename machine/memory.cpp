#include "machine/memory.h"

#include <algorithm>

#include "machine/control_groups.h"
#include "machine/number_file.h"

namespace machine {
namespace {

namespace fs = std::filesystem;

/// What the kernel calls the same three things in the two versions of control groups.
struct MemoryFiles {
  const char* limit;
  const char* used;
  const char* idle_pages;  ///< in memory.stat, this group and those below it
};
constexpr MemoryFiles kUnified = {"memory.max", "memory.current", "inactive_file"};
constexpr MemoryFiles kLegacy = {"memory.limit_in_bytes", "memory.usage_in_bytes",
                                 "total_inactive_file"};

/// What the tightest of the groups leaves, at most `otherwise`.
int64_t left_by(const std::vector<fs::path>& groups, const MemoryFiles& files, int64_t otherwise) {
  int64_t left = otherwise;
  for (const auto& group : groups) {
    const auto limit = read_number(group / files.limit);
    const auto used = read_number(group / files.used);
    if (!limit || !used) continue;
    const auto idle = read_named_number(group / "memory.stat", files.idle_pages).value_or(0);
    left = std::min(left, std::max<int64_t>(0, *limit - *used + idle));
  }
  return left;
}

}  // namespace

std::optional<int64_t> available_memory_bytes(const fs::path& root) {
  const auto machine_kib = read_named_number(root / "proc/meminfo", "MemAvailable:");
  if (!machine_kib) return std::nullopt;
  const auto groups = control_groups("memory", root);
  return left_by(groups.legacy, kLegacy, left_by(groups.unified, kUnified, *machine_kib * 1024));
}

}  // namespace machine
