#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace worker {

// The processes that a Chrome trace shows.
inline constexpr int kHostProcess = 1;
inline constexpr int kDeviceProcess = 2;

inline double microseconds(int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1000;
}

/// Names a process or a thread: `what` is "process_name" or "thread_name".
inline nlohmann::json name_event(const char* what, int process, uint64_t thread,
                                 const std::string& name) {
  return {
      {"ph", "M"}, {"name", what}, {"pid", process}, {"tid", thread}, {"args", {{"name", name}}}};
}

}  // namespace worker
