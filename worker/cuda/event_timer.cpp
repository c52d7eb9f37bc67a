#include "worker/cuda/event_timer.h"

#include <numeric>

#include <c10/cuda/CUDAEvent.h>
#include <c10/cuda/CUDAStream.h>

namespace worker {

TimedSteps event_timed_steps(uint64_t first, int64_t count, const Step& step) {
  const auto stream = c10::cuda::getCurrentCUDAStream();
  stream.synchronize();
  TimedSteps timed{std::chrono::steady_clock::now(), {}};
  std::vector<c10::cuda::CUDAEvent> events;
  for (int64_t i = 0; i <= count; ++i) events.emplace_back(cudaEventDefault);
  events.front().record(stream);
  for (int64_t i = 0; i < count; ++i) {
    step(first + static_cast<uint64_t>(i));
    events[static_cast<size_t>(i) + 1].record(stream);
  }
  events.back().synchronize();
  for (size_t i = 0; i + 1 < events.size(); ++i) {
    constexpr double kSecondsAMillisecond = 1e-3;
    timed.seconds.push_back(double{events[i].elapsed_time(events[i + 1])} * kSecondsAMillisecond);
  }
  return timed;
}

void settle(int64_t steps, const Step& step) {
  constexpr double kNoise = 0.01;
  if (steps == 0) return;
  double fastest = 0;
  for (int block = 0; block < kMostWarmUpBlocks; ++block) {
    const auto seconds = event_timed_steps(0, steps, step).seconds;
    const double now = std::accumulate(seconds.begin(), seconds.end(), 0.0);
    if (block > 0 && now > fastest * (1 - kNoise)) return;
    fastest = now;
  }
}

}  // namespace worker
