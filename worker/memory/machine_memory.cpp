#include "worker/memory/machine_memory.h"

#include <algorithm>
#include <fstream>

#include <unistd.h>

namespace worker {
namespace {

int64_t page_bytes() {
  static const int64_t bytes = ::sysconf(_SC_PAGESIZE);
  return bytes;
}

}  // namespace

int64_t machine_floor_bytes() {
  static const int64_t total = ::sysconf(_SC_PHYS_PAGES) * page_bytes();
  return std::min<int64_t>(total / 16, int64_t{1} << 30);
}

int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  int64_t total_pages = 0;
  int64_t resident_pages = 0;
  file >> total_pages >> resident_pages;
  return resident_pages * page_bytes();
}

}  // namespace worker
