#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace kernels {

/// Seconds of the fastest of some 50 ms of runs, at least five, after one that does not count: what
/// the machine can do, whoever else uses it meanwhile.
template <class Body>
double best_time(const Body& body) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::duration<double> kTotal(0.05);
  constexpr int kLeastRuns = 5;
  body();
  double best = std::numeric_limits<double>::infinity();
  const auto start = Clock::now();
  for (int run = 0; run < kLeastRuns || Clock::now() - start < kTotal; ++run) {
    const auto before = Clock::now();
    body();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - before).count());
  }
  return best;
}

}  // namespace kernels
