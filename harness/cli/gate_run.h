#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/analysis/gate_result.h"
#include "harness/cli/status_line.h"
#include "harness/launch/worker_command.h"
#include "harness/plan/cell_filter.h"
#include "harness/protocol/catalog.h"
#include "harness/spec/sweep_spec.h"
#include "harness/store/run_directory.h"

namespace harness {

/// One side of a gate: what is measured, and by which worker.
struct GateSide {
  std::string label;  ///< a worker's path, a run directory, a device
  SweepSpec spec;
  WorkerAccess worker;
  CellFilter filter = {};  ///< the cells of the sweep that are measured
};

/// How a gate measures and judges.
struct GateSetting {
  const Catalog& catalog;
  GateBudget defaults;  ///< of cells that the sweep gives none
  int64_t rounds = 10;  ///< of each cell and side
  uint64_t seed = 1;    ///< of the order of the sides
  StatusLine::Mode progress = StatusLine::Mode::kLines;
};

/// Streams of a simulated device's noise that one measurement of both sides takes, see
/// SimulatedDevice::stream; a gate measures at most twice.
inline constexpr uint64_t kStreamsOfAMeasurement = 2;

/// What a gate found, and whether there was a device to find it on.
struct GateRun {
  GateResult result;
  DeviceStatus device;  ///< after's
};

/// Plans both sides, measures them in pairs and judges them; cells that fail by their time alone
/// are measured again from scratch. Both sides' records go into `directory`/before and
/// `directory`/after, those of the second measurement into `directory`/again/before and .../after,
/// each a run directory. Throws as plan_sweep() and measure() do.
GateRun gate_against_worker(const GateSide& before, const GateSide& after,
                            const GateSetting& setting, const std::filesystem::path& directory);

/// Measures `after`, into `directory`/after, and judges memory and status against a run, which the
/// result calls `label`. Throws as plan_sweep() and measure() do.
GateRun gate_against_run(const StoredRun& before, const std::string& label, const GateSide& after,
                         const GateSetting& setting, const std::filesystem::path& directory);

}  // namespace harness
