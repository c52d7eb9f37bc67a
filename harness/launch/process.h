#pragma once

#include <cstddef>
#include <exception>
#include <string>

#include "harness/launch/child_process.h"

namespace harness {

/// The most that a process may write to its standard output.
inline constexpr std::size_t kOutputMebibytes = 16;

/// Bounds of one run to completion.
struct ProcessLimits {
  double timeout_s = 300;  ///< a little before that the process is asked where it is
  int stop_fd = -1;        ///< readable: stop at once
};

/// What a process left behind.
struct ProcessResult {
  enum class End {
    kExited,     ///< by itself: see `exit`
    kSignalled,  ///< by a signal that this process did not send: see `exit`
    kTimedOut,
    kFlooded,  ///< wrote more than kOutputMebibytes
  };
  End end = End::kExited;
  ExitState exit;
  bool asked = false;  ///< where it is, by ChildProcess::ask_whereabouts()
  std::string output;
  std::string error_tail;  ///< the last 64 KiB of standard error
};

/// The user asked to stop (Ctrl-C, SIGTERM, a lost terminal) while a process ran; its group has
/// been killed.
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// Runs `command` with `input` on its standard input until it ends or a limit ends it and all that
/// it started. Throws HarnessError where it cannot be started, Interrupted on limits.stop_fd.
ProcessResult run_process(const Command& command, const std::string& input,
                          const ProcessLimits& limits);

}  // namespace harness
