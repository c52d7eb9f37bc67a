#pragma once

#include <vector>

#include "harness/protocol/plan.h"
#include "harness/protocol/record.h"

namespace harness {

// What bench_sweep tells its caller.
inline constexpr int kExitDone = 0;
inline constexpr int kExitGateFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInconclusive = 3;
inline constexpr int kExitIncorrect = 4;
inline constexpr int kExitHarness = 5;
inline constexpr int kExitDeviceAbsent = 6;
inline constexpr int kExitInterrupted = 130;

/// What happened in a run; several may hold at once.
struct Outcome {
  bool interrupted = false;
  bool usage_error = false;
  bool harness_failed = false;
  bool nothing_passed = false;  ///< though the device is there
  bool incorrect = false;
  bool device_absent = false;
  bool gate_failed = false;   ///< a gate or a budget
  bool inconclusive = false;  ///< a check proved nothing, or noise above its bound
};

/// The exit status of an outcome. Where several hold, the first of: 130, 2, 5, 4, 6, 1, 3.
int exit_status(const Outcome& outcome);

/// What the records of a run on `device` say.
Outcome judge_records(const DeviceStatus& device, const std::vector<Record>& records);

}  // namespace harness
