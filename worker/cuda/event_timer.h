#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "worker/device/device.h"

namespace worker {

struct TimedSteps {
  std::chrono::steady_clock::time_point begin;  ///< of the first, by the host's clock
  std::vector<double> seconds;                  ///< of each
};

/// `count` steps from number `first` on, queued on the current stream one behind the other and
/// timed there. Waits for the device before and after. Throws c10::Error of CUDA's errors.
TimedSteps event_timed_steps(uint64_t first, int64_t count, const Step& step);

/// Repeats steps 0 .. `steps` - 1 until they do not become faster by more than noise, or
/// kMostWarmUpBlocks times: clocks and caches of the device have settled then.
inline constexpr int kMostWarmUpBlocks = 10;
void settle(int64_t steps, const Step& step);

}  // namespace worker
