#pragma once

#include <algorithm>
#include <cstdint>

namespace apps {

// How runs on a device are queued so that none waits for the host.

inline constexpr int64_t kMostQueuedRuns = 32;

/// How many runs are queued in a row where the host takes `host_seconds` for one: some 500
/// launches, half of what a device's queue holds before the host has to wait; at least one.
inline int64_t queued_runs(double host_seconds) {
  constexpr double kQueueSeconds = 2e-3;
  const double runs = kQueueSeconds / std::max(host_seconds, 1e-9);
  return static_cast<int64_t>(std::clamp(runs, 1.0, static_cast<double>(kMostQueuedRuns)));
}

/// For how long the device is to be busy before the first of `runs`: longer than the host took for
/// them the last time, and for what it queues besides.
inline double head_start_seconds(int64_t runs, double host_seconds) {
  constexpr double kMargin = 1.5;
  constexpr double kHostSecondsOfEvents = 2e-5;
  return kMargin * static_cast<double>(runs) * (host_seconds + kHostSecondsOfEvents);
}

}  // namespace apps
