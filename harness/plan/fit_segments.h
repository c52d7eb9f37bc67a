#pragma once

#include <cstdint>
#include <vector>

#include "harness/plan/predict.h"
#include "harness/protocol/catalog.h"
#include "harness/protocol/run_info.h"
#include "harness/spec/limits.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// The largest micro-batch that is asked about: what fits there counts as fitting up to there.
inline constexpr int64_t kLargestSearchedMicroBatch = kMaxMicroBatch;

/// Which micro-batches fit, by the plan, for every implementation and flag set of the sweep, every
/// value of its other axes, and every memory limit: those of flag_table_limits and the device's
/// own. Each limit loses device.reserved_bytes.
///
/// Micro-batches below the global batch accumulate gradients over several steps and those from it
/// on do not, so the two regions are searched apart; within one the peak grows with the
/// micro-batch. Regions where nothing fits give no segment, nor do cells that the plan does not
/// support. All searches ask together: `predictor` is called once per step of the longest of them.
std::vector<FitSegment> find_fit_segments(const SweepSpec& spec, const Catalog& catalog,
                                          const Predictor& predictor);

}  // namespace harness
