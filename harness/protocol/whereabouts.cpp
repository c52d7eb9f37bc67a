#include "harness/protocol/whereabouts.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>

#include <signal.h>
#include <unistd.h>

namespace harness {
namespace {

std::atomic<Phase> current_phase = Phase::kSetup;
std::atomic<int64_t> current_step = 0;
std::atomic<int64_t> all_steps = 0;
static_assert(std::atomic<Phase>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free,
              "a signal handler reads them");

/// A line of bounded length, put together with what a signal handler may call.
class Line {
 public:
  void add(std::string_view text) {
    for (const char character : text) {
      if (size_ < bytes_.size()) bytes_[size_++] = character;
    }
  }
  void add(int64_t number) {
    std::array<char, 20> digits;
    std::size_t begin = digits.size();
    do {
      digits[--begin] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    add(std::string_view(digits.data() + begin, digits.size() - begin));
  }
  void write_to(int fd) const {
    [[maybe_unused]] const auto written = ::write(fd, bytes_.data(), size_);
  }

 private:
  std::array<char, 128> bytes_;
  std::size_t size_ = 0;
};

/// As to_string(), which may allocate and throw.
std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::kSetup:
      return "setup";
    case Phase::kForward:
      return "forward";
    case Phase::kBackward:
      return "backward";
    case Phase::kOptimizer:
      return "optimizer";
  }
  return "";
}

void on_question(int) {
  const int saved = errno;
  Line line;
  line.add(kWherePrefix);
  line.add(phase_name(current_phase));
  if (const int64_t step = current_step; step > 0) {
    line.add(", step ");
    line.add(step);
    line.add(" of ");
    line.add(all_steps);
  }
  line.add("\n");
  line.write_to(STDERR_FILENO);
  errno = saved;
}

}  // namespace

void answer_whereabouts() {
  struct sigaction action {};
  action.sa_handler = on_question;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGUSR1, &action, nullptr);
}

void report_step(int64_t step, int64_t steps) {
  all_steps = steps;
  current_step = step;
}

void report_phase(Phase phase) {
  current_phase = phase;
}

}  // namespace harness
