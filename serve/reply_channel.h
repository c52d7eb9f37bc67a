#pragma once

#include <string_view>

namespace serve {

/// The process's standard output, kept for replies alone: from its construction on, whatever else
/// writes to standard output writes to standard error. One a process.
class ReplyChannel {
 public:
  ReplyChannel();
  ReplyChannel(const ReplyChannel&) = delete;
  ReplyChannel& operator=(const ReplyChannel&) = delete;
  ~ReplyChannel();

  /// Writes `line` and a newline. Throws std::runtime_error where nobody reads.
  void send(std::string_view line);

 private:
  int fd_;
};

}  // namespace serve
