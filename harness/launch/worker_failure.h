#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/launch/process.h"
#include "harness/protocol/record.h"

namespace harness {

/// A worker that did not do its work, in the words of a record.
struct WorkerFailure {
  Status status = Status::kCrashed;  ///< kCrashed or kTimedOut
  std::string reason;                ///< one line
};

/// How often the kernel's out-of-memory killer has struck on this machine since it started, or 0
/// where the kernel does not say.
int64_t oom_kill_count();

/// Why `result` is a failure, or none where the process ended with exit code 0.
/// `oom_kills` says how often the kernel's out-of-memory killer struck while it ran.
std::optional<WorkerFailure> process_failure(const ProcessResult& result, double timeout_s,
                                             int64_t oom_kills);

/// The one line of JSON that a worker's output must be. Throws ProtocolError.
nlohmann::json parse_single_line(std::string_view output);

/// "SIGSEGV" for 11.
std::string signal_name(int number);

/// The last line of `text` that is not blank, at most 200 characters, as printable ASCII.
std::string last_line(std::string_view text);

}  // namespace harness
