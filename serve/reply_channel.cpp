#include "serve/reply_channel.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace serve {

ReplyChannel::ReplyChannel() : fd_(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)) {
  if (fd_ < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    throw std::runtime_error(std::string("cannot set standard output aside: ") +
                             std::strerror(errno));
  }
}

ReplyChannel::~ReplyChannel() {
  std::fflush(stdout);
  ::close(fd_);
}

void ReplyChannel::send(std::string_view line) {
  std::string bytes(line);
  bytes.push_back('\n');
  for (std::string_view rest = bytes; !rest.empty();) {
    const ssize_t count = ::write(fd_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::runtime_error(std::string("cannot reply: ") + std::strerror(errno));
    rest.remove_prefix(static_cast<size_t>(count));
  }
}

}  // namespace serve
