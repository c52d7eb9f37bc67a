#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/cell_summary.h"
#include "harness/protocol/plan.h"

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

/// Why a run that was carried through does not end with status 0, one line with the status and what
/// to do next; empty where it does, or where the reason was said before (interrupted, device
/// absent). `records`: where the user finds why each record did not pass.
std::string outcome_text(const Outcome& outcome, std::string_view records);

/// What the cells of a run on `device` say, each judged over all its rounds as the reports judge
/// it: a cell whose rounds passed and disagree is mistrusted, and one of which a round failed did
/// not pass. Cells without a record say nothing.
Outcome judge_cells(const DeviceStatus& device, const std::vector<CellGroup>& groups);

}  // namespace harness
