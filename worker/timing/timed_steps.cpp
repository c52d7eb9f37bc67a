#include "worker/timing/timed_steps.h"

#include <chrono>

namespace worker {

std::vector<double> timed_steps(int64_t warmup, int64_t count,
                                const std::function<void(uint64_t)>& step) {
  using Clock = std::chrono::steady_clock;
  uint64_t number = 0;
  for (int64_t i = 0; i < warmup; ++i) step(number++);
  std::vector<double> seconds;
  seconds.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    step(number++);
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return seconds;
}

}  // namespace worker
