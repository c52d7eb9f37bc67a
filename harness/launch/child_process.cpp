#include "harness/launch/child_process.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/harness_error.h"
#include "harness/launch/orphan_guard.h"
#include "harness/launch/spawn.h"

namespace harness {
namespace {

constexpr std::size_t kErrorTailBytes = 64 * 1024;
constexpr std::size_t kReadBytes = 64 * 1024;
/// One read_available() takes at most this much, so that a flood of output cannot outrun the
/// caller's own bound.
constexpr std::size_t kReadsAtOnce = 16;

/// Appends what `fd` has ready; closes it at its end.
void drain(UniqueFd& fd, std::string& into) {
  char buffer[kReadBytes];
  for (std::size_t i = 0; fd && i < kReadsAtOnce;) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count > 0) {
      into.append(buffer, static_cast<std::size_t>(count));
      ++i;
    } else if (count < 0 && errno == EAGAIN) {
      return;
    } else if (count == 0 || errno != EINTR) {
      fd.reset();
    }
  }
}

/// Whether the process has a handler of its own for `signal`: without one it would die of it.
bool catches(pid_t pid, int signal) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("SigCgt:")) continue;
    const auto mask = std::strtoull(line.c_str() + std::strlen("SigCgt:"), nullptr, 16);
    return ((mask >> (signal - 1)) & 1U) != 0;
  }
  return false;
}

int milliseconds_until(ChildProcess::Clock::time_point deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(std::min<ChildProcess::Clock::duration>(
          deadline - ChildProcess::Clock::now(), std::chrono::hours(1)));
  return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

}  // namespace

ChildProcess::ChildProcess(const Command& command) {
  auto spawned = spawn(command);
  pid_ = spawned.pid;
  input_ = std::move(spawned.input);
  output_fd_ = std::move(spawned.output);
  error_fd_ = std::move(spawned.error);
  exit_fd_ = std::move(spawned.exit);
}

ChildProcess::~ChildProcess() {
  kill_and_wait();
}

void ChildProcess::send(std::string_view bytes) {
  pending_input_.append(bytes);
}

void ChildProcess::end_input() {
  input_ends_ = true;
  if (pending_input_.empty()) input_.reset();
}

ChildProcess::Event ChildProcess::pump(Clock::time_point deadline, int stop_fd) {
  const int input_fd = pending_input_.empty() ? -1 : input_.get();
  pollfd fds[] = {{stop_fd, POLLIN, 0},
                  {exit_fd_.get(), POLLIN, 0},
                  {output_fd_.get(), POLLIN, 0},
                  {error_fd_.get(), POLLIN, 0},
                  {input_fd, POLLOUT, 0}};
  const int ready = ::poll(fds, std::size(fds), milliseconds_until(deadline));
  if (ready < 0 && errno != EINTR) {
    throw HarnessError(fmt::format("cannot wait for a worker: {}", std::strerror(errno)));
  }
  if (ready > 0) {
    if (fds[0].revents != 0) return Event::kStopped;
    if (fds[1].revents != 0) {
      // The rest of the group dies before the child is reaped: until then no other process can
      // get its group id, and a grandchild that holds the pipes open cannot keep us here. After
      // that the id may be anybody's.
      kill_group();
      read_available();
      reap();
      return Event::kExited;
    }
    read_available();
    write_pending();
  }
  return Clock::now() >= deadline ? Event::kDeadline : Event::kProgress;
}

ExitState ChildProcess::kill_and_wait() {
  kill_group();
  return reap();
}

bool ChildProcess::ask_whereabouts() const {
  if (reaped_ || !catches(pid_, SIGUSR1)) return false;
  return ::kill(pid_, SIGUSR1) == 0;
}

void ChildProcess::kill_group() const {
  if (!reaped_) ::kill(-pid_, SIGKILL);
}

void ChildProcess::write_pending() {
  while (input_ && !pending_input_.empty()) {
    const ssize_t count =
        ::send(input_.get(), pending_input_.data(), pending_input_.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      pending_input_.erase(0, static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      pending_input_.clear();  // the child reads no more; its exit tells why
      input_.reset();
    }
  }
  if (input_ends_) input_.reset();
}

void ChildProcess::read_available() {
  drain(output_fd_, output_);
  drain(error_fd_, error_tail_);
  if (error_tail_.size() > kErrorTailBytes) {
    error_tail_.erase(0, error_tail_.size() - kErrorTailBytes);
  }
}

ExitState ChildProcess::reap() {
  if (reaped_) return exit_state_;
  OrphanGuard::instance().forget(pid_);
  int status = 0;
  rusage usage{};
  while (::wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  // What the child started and left has become ours (see OrphanGuard) and is killed: once it is
  // reaped, its memory and its devices are free.
  while (::waitpid(-pid_, nullptr, 0) > 0 || errno == EINTR) {
  }
  exit_state_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  exit_state_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  exit_state_.max_resident_bytes = usage.ru_maxrss * int64_t{1024};
  return exit_state_;
}

}  // namespace harness
