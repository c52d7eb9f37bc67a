#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/launch/worker_command.h"

namespace harness {

/// A shared library that a program asks for.
struct WorkerLibrary {
  std::string name;                 ///< "libc10.so"
  std::optional<std::string> path;  ///< where the loader finds it; none: nowhere
};

/// What the dynamic loader would load for the worker (ldd's way: the program itself does not run).
/// Empty where it is no dynamic program. Throws HarnessError where it cannot be started.
std::vector<WorkerLibrary> worker_libraries(const WorkerAccess& worker);

/// Lines "NAME => PATH (ADDRESS)" and "NAME => not found"; others are passed over.
std::vector<WorkerLibrary> parse_libraries(std::string_view trace);

/// N of "libcudart.so.N" among them, where LibTorch's CUDA part is too: its CPU part asks for the
/// runtime even where nothing uses it. None in a worker without CUDA.
std::optional<int> cuda_runtime(const std::vector<WorkerLibrary>& libraries);

}  // namespace harness
