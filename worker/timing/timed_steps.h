#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace worker {

/// Runs `step` with numbers 0 .. warmup - 1 untimed, then `count` more; the seconds of each of
/// these, by the monotonic clock. `step` must return once its work is done.
std::vector<double> timed_steps(int64_t warmup, int64_t count,
                                const std::function<void(uint64_t)>& step);

}  // namespace worker
