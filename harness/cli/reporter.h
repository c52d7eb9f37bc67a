#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <vector>

#include "harness/analysis/gate_result.h"
#include "harness/analysis/run_comparison.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"
#include "harness/tuning/tuning_result.h"

namespace harness {

/// The reports, handed in by the composition root: the harness does not know their formats.
/// Each may throw HarnessError.
struct Reporter {
  using Records = std::vector<Record>;

  /// Writes every report of a run into its directory.
  std::function<void(const std::filesystem::path&, const RunInfo&, const Records&)> write;
  /// Prints the tables of a run.
  std::function<void(std::ostream&, const RunInfo&, const Records&)> print;
  /// The same of a plan: memory and flag requirements alone.
  std::function<void(const std::filesystem::path&, const RunInfo&)> write_plan;
  std::function<void(std::ostream&, const RunInfo&)> print_plan;
  /// Writes what a gate found, for programs and for people, and prints a line a cell.
  std::function<void(const std::filesystem::path&, const GateResult&)> write_gate;
  std::function<void(std::ostream&, const GateResult&)> print_gate;
  /// The same of several gates of a build against itself.
  std::function<void(const std::filesystem::path&, const std::vector<GateResult>&)> write_self_test;
  std::function<void(std::ostream&, const std::vector<GateResult>&)> print_self_test;
  /// Prints what differs between two runs.
  std::function<void(std::ostream&, const RunComparison&)> print_comparison;
  /// What a tuning found, beside the reports of its records.
  std::function<void(const std::filesystem::path&, const TuningResult&)> write_tuning;
  std::function<void(std::ostream&, const TuningResult&)> print_tuning;
};

}  // namespace harness
