#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "harness/launch/unique_fd.h"

namespace harness {

/// What to run.
struct Command {
  std::vector<std::string> arguments;  ///< [0] is the path of the program
  /// Set on top of this process's own environment.
  std::vector<std::pair<std::string, std::string>> environment = {};
};

/// How a process ended, and what the kernel counted for it.
struct ExitState {
  int exit_code = 0;  ///< where `signal` is 0
  int signal = 0;     ///< the signal that ended it, or 0
  int64_t max_resident_bytes = 0;
};

/// A child in its own process group, connected by its three standard streams. It dies with this
/// process, as does what it starts in its group; it writes no core file, and inherits no descriptor
/// but its own streams. The destructor kills the whole group and reaps the child: no orphan, no
/// zombie.
class ChildProcess {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Event {
    kProgress,  ///< bytes moved
    kExited,    ///< the child ended; everything it wrote has been read; what it started is killed
    kDeadline,  ///< `deadline` passed
    kStopped,   ///< `stop_fd` became readable
  };

  /// Starts the child. Throws HarnessError where the program cannot be run.
  explicit ChildProcess(const Command& command);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  /// Queues bytes for the child's standard input; pump() sends them.
  void send(std::string_view bytes);
  /// Ends the child's input once all queued bytes are sent.
  void end_input();

  /// Waits for the next event and moves bytes both ways. `stop_fd` -1: none.
  Event pump(Clock::time_point deadline, int stop_fd);

  /// Standard output that has arrived and that the caller has not taken away.
  std::string& output() { return output_; }
  /// The last 64 KiB of standard error.
  const std::string& error_tail() const { return error_tail_; }

  /// Asks the child for a line on standard error that says where it is (SIGUSR1), where it has a
  /// handler for that; returns whether it was asked.
  bool ask_whereabouts() const;

  /// Kills every process of the group at once and reaps them all.
  ExitState kill_and_wait();

 private:
  void write_pending();
  void read_available();
  void kill_group() const;
  ExitState reap();

  pid_t pid_ = -1;
  bool reaped_ = false;
  bool input_ends_ = false;
  ExitState exit_state_;
  UniqueFd input_;
  UniqueFd output_fd_;
  UniqueFd error_fd_;
  UniqueFd exit_fd_;
  std::string pending_input_;
  std::string output_;
  std::string error_tail_;
};

}  // namespace harness
