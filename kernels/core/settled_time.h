#pragma once

#include <algorithm>
#include <limits>

namespace kernels {

/// The least of the seconds that `run` returns, called again until a device's clocks have settled:
/// until kLikeBefore calls in a row were no faster by more than noise and kLeastSeconds are over in
/// all, or kMostSeconds are.
template <class Run>
double settled_time(const Run& run) {
  constexpr double kNoise = 0.005;
  constexpr int kLikeBefore = 10;
  constexpr double kLeastSeconds = 0.15;
  constexpr double kMostSeconds = 0.5;
  double best = std::numeric_limits<double>::infinity();
  double total = 0;
  for (int like_before = 0;
       total < kMostSeconds && (like_before < kLikeBefore || total < kLeastSeconds);) {
    const double seconds = run();
    like_before = seconds < best * (1 - kNoise) ? 0 : like_before + 1;
    best = std::min(best, seconds);
    total += seconds;
  }
  return best;
}

}  // namespace kernels
