#include "worker/memory/machine_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include <unistd.h>

namespace worker {
namespace {

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

/// The first number of a file, or none where it is missing or says "max".
std::optional<int64_t> read_number(const std::string& path) {
  std::ifstream file(path);
  int64_t value = 0;
  if (file >> value) return value;
  return std::nullopt;
}

int64_t mem_available() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  int64_t kibibytes = 0;
  std::string unit;
  while (file >> key >> kibibytes) {
    std::getline(file, unit);
    if (key == "MemAvailable:") return kibibytes * 1024;
  }
  return kUnlimited;
}

/// The cgroup v2 folder of this process, or empty.
std::string cgroup_folder() {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("0::")) return "/sys/fs/cgroup" + line.substr(3);
  }
  return {};
}

/// What this process's cgroup and those above it leave; page cache counts as free.
int64_t cgroup_available() {
  static const std::string folder = cgroup_folder();
  int64_t available = kUnlimited;
  for (std::string at = folder; at.size() >= std::string("/sys/fs/cgroup").size();
       at = at.substr(0, at.rfind('/'))) {
    const auto limit = read_number(at + "/memory.max");
    const auto used = read_number(at + "/memory.current");
    if (!limit || !used) continue;
    int64_t cache = 0;
    std::ifstream stat(at + "/memory.stat");
    std::string key;
    for (int64_t value = 0; stat >> key >> value;) {
      if (key == "inactive_file") cache = value;
    }
    available = std::min(available, *limit - *used + cache);
  }
  return available;
}

int64_t page_bytes() {
  static const int64_t bytes = ::sysconf(_SC_PAGESIZE);
  return bytes;
}

}  // namespace

int64_t machine_floor_bytes() {
  static const int64_t total = ::sysconf(_SC_PHYS_PAGES) * page_bytes();
  return std::min<int64_t>(total / 16, int64_t{1} << 30);
}

int64_t available_machine_bytes() {
  return std::min(mem_available(), cgroup_available());
}

int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  int64_t total_pages = 0;
  int64_t resident_pages = 0;
  file >> total_pages >> resident_pages;
  return resident_pages * page_bytes();
}

}  // namespace worker
