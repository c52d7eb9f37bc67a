#include "harness/launch/machine_memory.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace harness {
namespace {

namespace fs = std::filesystem;

/// The number after `name` in a file of lines "name[:] number ...".
std::optional<int64_t> named_number(const fs::path& path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name)) return std::stoll(line.substr(name.size()));
  }
  return std::nullopt;
}

std::optional<int64_t> number(const fs::path& path) {
  std::ifstream file(path);
  int64_t value = 0;
  if (file >> value) return value;
  return std::nullopt;  // no such file, or "max"
}

}  // namespace

std::optional<int64_t> available_memory_bytes(const fs::path& root) {
  const auto machine_kib = named_number(root / "proc/meminfo", "MemAvailable:");
  if (!machine_kib) return std::nullopt;
  int64_t available = *machine_kib * 1024;
  const auto group = root / "sys/fs/cgroup";
  const auto limit = number(group / "memory.max");
  const auto used = number(group / "memory.current");
  if (limit && used) {
    // File pages that nobody has used lately count as used until somebody needs the room.
    const auto cached = named_number(group / "memory.stat", "inactive_file ").value_or(0);
    available = std::min(available, std::max<int64_t>(0, *limit - *used + cached));
  }
  return available;
}

}  // namespace harness
