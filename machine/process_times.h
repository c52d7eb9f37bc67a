#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace machine {

struct ProcessTime {
  std::string name;
  int64_t ticks = 0;  ///< in user and system mode since it started, USER_HZ a second
};

/// What every process and the machine as a whole have used up to now.
struct ProcessTimes {
  std::map<int, ProcessTime> processes;  ///< by process number
  int64_t stolen_ticks = 0;              ///< that a hypervisor gave to others, over all processors
};

/// Processes that end while this reads are left out. `root` stands in for / in tests.
ProcessTimes read_process_times(const std::filesystem::path& root = "/");

}  // namespace machine
