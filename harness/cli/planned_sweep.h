#pragma once

#include <cstddef>

#include "harness/launch/worker_command.h"
#include "harness/plan/cell_filter.h"
#include "harness/plan/schedule.h"
#include "harness/plan/shard.h"
#include "harness/protocol/catalog.h"
#include "harness/protocol/run_info.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// A sweep before anything is measured.
struct PlannedSweep {
  Schedule schedule;
  RunInfo info;
  std::size_t left_out = 0;       ///< cells that the filter does not keep
  std::size_t unpaired = 0;       ///< see FilteredSchedule
  std::size_t planned_cells = 0;  ///< candidates, and what the searches for boundaries asked about
  double planning_seconds = 0;    ///< from the start of the planning worker to its last answer
};

/// Expands the axes, predicts every candidate's memory and selects what will run: the upper half
/// of the flow. `filter` narrows the cells, and what RunInfo plans for; what fits is searched for
/// the whole sweep. Throws SpecError (also where no cell is kept), UsageError (published tables),
/// HarnessError and Interrupted.
PlannedSweep plan_sweep(const SweepSpec& spec, const Catalog& catalog, const WorkerAccess& worker,
                        const CellFilter& filter = {});

/// "the filter keeps 4 of 12 cells; ...", with what their missing neighbours cost them; "" where
/// nothing is left out.
std::string filter_text(const PlannedSweep& planned);

/// Leaves one shard of the schedule; what the sweep has besides stays in `info`. Throws UsageError.
void keep_shard(PlannedSweep& planned, const Shard& shard);

/// "no CUDA device was found: <reason>; planned only".
std::string device_absent_text(const DeviceStatus& device);

}  // namespace harness
