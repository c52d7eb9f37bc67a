#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/plan/schedule.h"
#include "harness/protocol/facts.h"
#include "harness/protocol/record.h"

namespace harness {

/// How long a schedule should take, before any of it has run.
struct ExpectedTime {
  std::size_t cells = 0;   ///< to be launched
  std::size_t checks = 0;  ///< combinations that the correctness gate checks first
  /// Of the launches, by what earlier ones of the same cells took; cells that had none go by their
  /// arithmetic at the rate of those that had. None where no cell had any.
  std::optional<double> seconds;
  std::size_t known_cells = 0;  ///< cells with an earlier launch that passed
  double longest_seconds = 0;   ///< where every launch and every check runs into its time-out
};

/// `earlier`: records of this machine; those of other cells and of cells that did not pass count
/// for nothing. A cell is the same whatever its number of rounds.
ExpectedTime expect_time(const Schedule& schedule, const std::vector<Record>& earlier);

/// Whether a launch takes as long on the one machine as on the other, by what runs know of where
/// they began (RunStart::machine): the same processor, as many of them.
bool launches_alike(const Facts& machine, const Facts& other);

}  // namespace harness
