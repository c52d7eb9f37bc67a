#include "harness/launch/spawn.h"

#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/harness_error.h"
#include "harness/launch/orphan_guard.h"

extern "C" {  // the header of glibc 2.36 forgets to say so
#include <sys/pidfd.h>
}

namespace harness {
namespace {

struct Channel {
  UniqueFd parent;
  UniqueFd child;
};

[[noreturn]] void fail(const char* what, int error) {
  throw HarnessError(fmt::format("cannot {}: {}", what, std::strerror(error)));
}

/// The same file above the standard streams, in case those are closed here: dup2 onto itself would
/// leave a descriptor close-on-exec.
UniqueFd above_standard_streams(int fd) {
  const UniqueFd original(fd);
  UniqueFd result(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!result) fail("open a stream to a worker", errno);
  return result;
}

Channel read_from_child() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) fail("open a pipe to a worker", errno);
  return {above_standard_streams(fds[0]), above_standard_streams(fds[1])};
}

Channel write_to_child() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
    fail("open a socket to a worker", errno);
  }
  return {above_standard_streams(fds[0]), above_standard_streams(fds[1])};
}

void set_non_blocking(const UniqueFd& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

std::vector<std::string> merged_environment(const Command& command) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [key, value] : command.environment) replaced |= key == name;
    if (!replaced) merged.emplace_back(text);
  }
  for (const auto& [key, value] : command.environment) merged.push_back(key + "=" + value);
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Everything between fork and exec; async-signal-safe calls alone.
[[noreturn]] void become(char* const* arguments, char* const* environment, int input, int output,
                         int error, int failure, pid_t parent, const OrphanGuard& guard) {
  ::setpgid(0, 0);
  guard.watch_own_group();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before the line above
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(error, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);  // what this process inherited itself
  ::execve(arguments[0], arguments, environment);
  const int reason = errno;
  [[maybe_unused]] const auto written = ::write(failure, &reason, sizeof reason);
  ::_exit(127);
}

}  // namespace

Spawned spawn(const Command& command) {
  auto arguments = command.arguments;
  auto environment = merged_environment(command);
  const auto argument_pointers = pointers(arguments);
  const auto environment_pointers = pointers(environment);
  auto input = write_to_child();
  auto output = read_from_child();
  auto error = read_from_child();
  auto failure = read_from_child();  // closes by itself when exec succeeds

  // Where this program was started with SIGCHLD ignored, the kernel would reap children by itself:
  // how they ended would be lost, and their process group's number free for others.
  ::signal(SIGCHLD, SIG_DFL);
  const auto& guard = OrphanGuard::instance();
  const pid_t parent = ::getpid();
  Spawned result;
  result.pid = ::fork();
  if (result.pid < 0) fail("start a process", errno);
  if (result.pid == 0) {
    become(argument_pointers.data(), environment_pointers.data(), input.child.get(),
           output.child.get(), error.child.get(), failure.child.get(), parent, guard);
  }
  ::setpgid(result.pid, result.pid);  // both sides set it, so that neither can be too early
  failure.child.reset();
  int reason = 0;
  ssize_t count;
  do {
    count = ::read(failure.parent.get(), &reason, sizeof reason);
  } while (count < 0 && errno == EINTR);
  if (count == sizeof reason) {
    ::waitpid(result.pid, nullptr, 0);
    throw HarnessError(fmt::format("cannot run {}: {}; check that it is a program and may be run",
                                   arguments[0], std::strerror(reason)));
  }
  result.exit = UniqueFd(::pidfd_open(result.pid, 0));
  if (!result.exit) {
    const int open_error = errno;
    ::kill(-result.pid, SIGKILL);
    ::waitpid(result.pid, nullptr, 0);
    fail("watch a process (pidfd_open, Linux 5.3 or later)", open_error);
  }
  for (const auto* fd : {&input.parent, &output.parent, &error.parent}) set_non_blocking(*fd);
  result.input = std::move(input.parent);
  result.output = std::move(output.parent);
  result.error = std::move(error.parent);
  return result;
}

}  // namespace harness
