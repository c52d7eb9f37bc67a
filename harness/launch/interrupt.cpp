#include "harness/launch/interrupt.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "harness/harness_error.h"

namespace harness {
namespace {

constexpr int kExitInterrupted = 130;
volatile sig_atomic_t requested_flag = 0;
int pipe_fds[2] = {-1, -1};

void on_signal(int) {
  if (requested_flag != 0) ::_exit(kExitInterrupted);
  requested_flag = 1;
  const int saved = errno;
  [[maybe_unused]] const auto written = ::write(pipe_fds[1], "", 1);
  errno = saved;
}

bool hangup_is_ignored() {
  struct sigaction action {};
  ::sigaction(SIGHUP, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
  if (!hangup_is_ignored()) ::sigaction(SIGHUP, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  requested_flag = 0;
  if (::pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) != 0) {
    throw HarnessError(fmt::format("cannot watch for Ctrl-C: {}", std::strerror(errno)));
  }
  handle(on_signal);
}

Interrupt::~Interrupt() {
  handle(SIG_DFL);
  ::close(pipe_fds[0]);
  ::close(pipe_fds[1]);
}

int Interrupt::fd() const {
  return pipe_fds[0];
}

}  // namespace harness
