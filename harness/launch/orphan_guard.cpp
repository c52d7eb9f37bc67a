#include "harness/launch/orphan_guard.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/harness_error.h"

namespace harness {
namespace {

[[noreturn]] void fail(const char* what) {
  throw HarnessError(fmt::format("cannot {}: {}", what, std::strerror(errno)));
}

/// Leaves everything of the parent's but the socket: its session and with it Ctrl-C, its streams,
/// and above all its locks, which would outlive it here.
void leave_parent(int socket) {
  ::setsid();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_IGN);
  ::dup2(socket, STDIN_FILENO);
  const int null = ::open("/dev/null", O_RDWR);
  ::dup2(null, STDOUT_FILENO);
  ::dup2(null, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  [[maybe_unused]] const int moved = ::chdir("/");
  ::prctl(PR_SET_NAME, "bench_guard");  // last: what has the name has left everything
}

/// The guard: a positive number is a group to watch, a negative one a group to forget.
[[noreturn]] void guard(int socket) {
  leave_parent(socket);
  std::set<pid_t> groups;
  pid_t message = 0;
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, &message, sizeof message);
    if (count == sizeof message) {
      if (message > 0) groups.insert(message);
      if (message < 0) groups.erase(-message);
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
  for (const pid_t group : groups) ::kill(-group, SIGKILL);
  ::_exit(0);
}

}  // namespace

OrphanGuard& OrphanGuard::instance() {
  static std::unique_ptr<OrphanGuard> guard_of_process;
  if (!guard_of_process || guard_of_process->owner_ != ::getpid()) {
    guard_of_process.reset(new OrphanGuard);
  }
  return *guard_of_process;
}

OrphanGuard::OrphanGuard() : owner_(::getpid()) {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) {
    fail("open the socket of the orphan guard");
  }
  const UniqueFd guards_end(fds[0]);
  socket_ = UniqueFd(fds[1]);
  // A child of a child, so that it is nobody's to wait for.
  const pid_t child = ::fork();
  if (child < 0) fail("start the orphan guard");
  if (child == 0) {
    const pid_t grandchild = ::fork();
    if (grandchild == 0) guard(guards_end.get());
    ::_exit(grandchild < 0 ? 1 : 0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw HarnessError("cannot start the orphan guard");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void OrphanGuard::watch_own_group() const {
  tell(::getpid());
}

void OrphanGuard::forget(pid_t group) const {
  tell(-group);
}

void OrphanGuard::tell(pid_t message) const {
  // Where the guard is gone there is nobody to tell, and no SIGPIPE to die of.
  [[maybe_unused]] const auto sent = ::send(socket_.get(), &message, sizeof message, MSG_NOSIGNAL);
}

}  // namespace harness
