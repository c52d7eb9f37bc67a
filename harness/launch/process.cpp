#include "harness/launch/process.h"

#include <algorithm>
#include <utility>

namespace harness {
namespace {

constexpr double kLongestTimeout = 1e8;  // seconds; more would overflow the clock
// The time that a process has for its answer to where it is: a share of its time, at most 2 s.
constexpr double kAnswerShare = 0.1;
constexpr double kLongestAnswer = 2;
using End = ProcessResult::End;

ChildProcess::Clock::duration clock_duration(double seconds) {
  return std::chrono::duration_cast<ChildProcess::Clock::duration>(
      std::chrono::duration<double>(seconds));
}

End run_to_end(ChildProcess& child, const ProcessLimits& limits, bool& asked) {
  const double timeout = std::min(limits.timeout_s, kLongestTimeout);
  const auto end = ChildProcess::Clock::now() + clock_duration(timeout);
  const auto ask = end - clock_duration(std::min(kLongestAnswer, timeout * kAnswerShare));
  bool soft = true;
  for (;;) {
    const auto event = child.pump(soft ? ask : end, limits.stop_fd);
    if (child.output().size() > kOutputMebibytes << 20) return End::kFlooded;
    switch (event) {
      case ChildProcess::Event::kProgress:
        continue;
      case ChildProcess::Event::kExited:
        return End::kExited;
      case ChildProcess::Event::kDeadline:
        if (!soft) return End::kTimedOut;
        asked = child.ask_whereabouts();
        soft = false;
        continue;
      case ChildProcess::Event::kStopped:
        throw Interrupted();
    }
  }
}

}  // namespace

ProcessResult run_process(const Command& command, const std::string& input,
                          const ProcessLimits& limits) {
  ChildProcess child(command);
  child.send(input);
  child.end_input();
  ProcessResult result;
  result.end = run_to_end(child, limits, result.asked);
  result.exit = child.kill_and_wait();
  if (result.end == End::kExited && result.exit.signal != 0) result.end = End::kSignalled;
  result.output = std::move(child.output());
  result.error_tail = child.error_tail();
  return result;
}

}  // namespace harness
