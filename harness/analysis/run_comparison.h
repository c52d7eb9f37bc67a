#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/cell_summary.h"

namespace harness {

/// A cell that two runs have.
struct CellChange {
  Cell cell;
  std::optional<Status> before_status;
  std::optional<Status> after_status;
  std::optional<double> before_samples_per_second;  ///< none unless passed
  std::optional<double> after_samples_per_second;
  std::optional<int64_t> before_peak_bytes;  ///< measured; none where no round measured it
  std::optional<int64_t> after_peak_bytes;
  std::string difference;  ///< cell_difference()
  bool comparable = true;  ///< no difference, or one that the user overrules

  /// Rate after over before. There is no interval: rounds of different days are not paired, and
  /// what separates the days is not in the spread of either.
  std::optional<double> speedup() const;
};

/// Two runs, cell by cell; cells are the same where their axes are.
struct RunComparison {
  std::vector<std::string> axes;  ///< of either run, for cell_label()
  std::vector<CellChange> cells;  ///< as after has them
  std::vector<Cell> fresh;        ///< that only after has
  std::vector<Cell> lost;         ///< that only before has

  /// Geometric mean of the ×; none where there is none.
  std::optional<double> mean_speedup() const;
  /// How many cells have an ×.
  int64_t compared() const;
};

/// Compares what the runs have records of. `forced`: cells that differ in more than the build, too.
RunComparison compare_runs(const RunInfo& before_info, const std::vector<CellGroup>& before,
                           const RunInfo& after_info, const std::vector<CellGroup>& after,
                           bool forced);

}  // namespace harness
