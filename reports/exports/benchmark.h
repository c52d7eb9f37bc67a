#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// A cell that passed, as other tools' files have benchmarks.
struct Benchmark {
  /// "precision:bf16/fused/flags:none/micro_batch:8": the same in every run that has the cell and
  /// the same axes.
  std::string name;
  const harness::CellSummary* cell = nullptr;
  double samples_per_second = 0;
  std::optional<harness::Interval> interval;  ///< 95 %, of the rate; none below 6 rounds
};

/// The cells that passed, in sweep order; they point into `analysis`. The others are left out:
/// tools that average over benchmarks take a time of 0 for a time, or fail without one.
std::vector<Benchmark> passed_benchmarks(const harness::RunAnalysis& analysis);

}  // namespace reports
