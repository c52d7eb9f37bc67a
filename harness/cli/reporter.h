#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <vector>

#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"

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
};

}  // namespace harness
