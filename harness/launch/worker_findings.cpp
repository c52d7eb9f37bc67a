#include "harness/launch/worker_findings.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/launch/process.h"
#include "harness/launch/worker_failure.h"

namespace harness {
namespace {

using machine::Finding;
using machine::Verdict;

constexpr double kStartTimeoutSeconds = 60;
constexpr const char* kLibtorch = "libtorch_cpu.so";

Finding libtorch(const std::vector<WorkerLibrary>& libraries) {
  const auto missing = std::find_if(libraries.begin(), libraries.end(),
                                    [](const WorkerLibrary& library) { return !library.path; });
  if (missing != libraries.end()) {
    return {Verdict::kBroken, "libraries", missing->name + " is not found",
            "`scripts/setup.sh` fetches LibTorch and installs what is missing; then build again"};
  }
  const auto found =
      std::find_if(libraries.begin(), libraries.end(),
                   [](const WorkerLibrary& library) { return library.name == kLibtorch; });
  if (found == libraries.end()) {
    return {Verdict::kUnknown, "LibTorch", "the worker asks for none", "see what --worker names"};
  }
  return {Verdict::kOk, "LibTorch", *found->path, ""};
}

Finding start(const WorkerAccess& worker) {
  const auto result = run_process(worker_command({worker.program.string()}, "--plan"), "",
                                  {.timeout_s = kStartTimeoutSeconds, .stop_fd = worker.stop_fd});
  if (const auto failure = process_failure(result, kStartTimeoutSeconds, 0)) {
    return {Verdict::kBroken, "worker", worker.program.string() + ": " + failure->reason,
            "`make build` builds it anew"};
  }
  if (!result.output.empty()) {
    return {Verdict::kBroken, "worker",
            worker.program.string() + " answers where nothing was asked",
            "name a program that speaks the worker protocol (docs/worker_protocol.md)"};
  }
  return {Verdict::kOk, "worker", worker.program.string(), ""};
}

}  // namespace

machine::Findings worker_findings(const WorkerAccess& worker,
                                  const std::vector<WorkerLibrary>& libraries) {
  return {libtorch(libraries), start(worker)};
}

}  // namespace harness
