#include "harness/launch/process.h"

#include <algorithm>
#include <utility>

namespace harness {
namespace {

constexpr double kLongestTimeout = 1e8;  // seconds; more would overflow the clock
using End = ProcessResult::End;

End run_to_end(ChildProcess& child, const ProcessLimits& limits) {
  const auto deadline =
      ChildProcess::Clock::now() +
      std::chrono::duration_cast<ChildProcess::Clock::duration>(
          std::chrono::duration<double>(std::min(limits.timeout_s, kLongestTimeout)));
  for (;;) {
    const auto event = child.pump(deadline, limits.stop_fd);
    if (child.output().size() > kOutputMebibytes << 20) return End::kFlooded;
    switch (event) {
      case ChildProcess::Event::kProgress:
        continue;
      case ChildProcess::Event::kExited:
        return End::kExited;
      case ChildProcess::Event::kDeadline:
        return End::kTimedOut;
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
  result.end = run_to_end(child, limits);
  result.exit = child.kill_and_wait();
  if (result.end == End::kExited && result.exit.signal != 0) result.end = End::kSignalled;
  result.output = std::move(child.output());
  result.error_tail = child.error_tail();
  return result;
}

}  // namespace harness
