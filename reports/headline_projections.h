#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/projection.h"
#include "harness/analysis/run_analysis.h"
#include "harness/protocol/run_info.h"

namespace reports {

/// The projection of every implementation and work in every group, in sweep order: with the flag
/// set that headline_tables() shows (of two the one that is proven to be faster), at the
/// micro-batch with the best rate.
std::vector<harness::Projection> headline_projections(const harness::RunInfo& info,
                                                      const harness::RunAnalysis& analysis);

/// The difference from fine-tuning that all of these, at least one, have in common (it may be "");
/// none where they differ.
std::optional<std::string> common_difference(const std::vector<harness::Projection>& projections);

}  // namespace reports
