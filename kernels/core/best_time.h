#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace kernels {

/// Seconds of the fastest of some `total_s` of runs, at least five, after one that does not count:
/// what the machine can do, whoever else uses it meanwhile.
template <class Body>
double best_time(double total_s, const Body& body) {
  using Clock = std::chrono::steady_clock;
  const std::chrono::duration<double> total(total_s);
  constexpr int kLeastRuns = 5;
  body();
  double best = std::numeric_limits<double>::infinity();
  const auto start = Clock::now();
  for (int run = 0; run < kLeastRuns || Clock::now() - start < total; ++run) {
    const auto before = Clock::now();
    body();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - before).count());
  }
  return best;
}

}  // namespace kernels
