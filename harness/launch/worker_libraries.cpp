#include "harness/launch/worker_libraries.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "harness/launch/process.h"

namespace harness {

std::vector<WorkerLibrary> worker_libraries(const WorkerAccess& worker) {
  const Command command = {{worker.program.string()}, {{"LD_TRACE_LOADED_OBJECTS", "1"}}};
  const auto result = run_process(command, "", {.timeout_s = 30, .stop_fd = worker.stop_fd});
  return parse_libraries(result.output);
}

std::vector<WorkerLibrary> parse_libraries(std::string_view trace) {
  std::vector<WorkerLibrary> libraries;
  std::istringstream lines{std::string(trace)};
  for (std::string line; std::getline(lines, line);) {
    const auto arrow = line.find(" => ");
    const auto begin = line.find_first_not_of("\t ");
    if (arrow == line.npos || begin >= arrow) continue;
    WorkerLibrary library{line.substr(begin, arrow - begin), std::nullopt};
    const auto target = line.substr(arrow + 4);
    if (target.starts_with('/')) library.path = target.substr(0, target.rfind(" (0x"));
    libraries.push_back(std::move(library));
  }
  return libraries;
}

std::optional<int> cuda_runtime(const std::vector<WorkerLibrary>& libraries) {
  constexpr std::string_view kPrefix = "libcudart.so.";
  const bool uses_cuda = std::any_of(
      libraries.begin(), libraries.end(),
      [](const WorkerLibrary& library) { return library.name.starts_with("libtorch_cuda.so"); });
  if (!uses_cuda) return std::nullopt;
  for (const auto& library : libraries) {
    if (!library.name.starts_with(kPrefix)) continue;
    const auto* const end = library.name.data() + library.name.size();
    int major = 0;
    const auto read = std::from_chars(library.name.data() + kPrefix.size(), end, major);
    if (read.ec == std::errc{}) return major;
  }
  return std::nullopt;
}

}  // namespace harness
