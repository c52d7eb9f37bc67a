#pragma once

#include <vector>

#include "harness/plan/schedule.h"

namespace harness {

/// Launches of every cell that is to be launched: group by group of compared cells (which stand
/// next to each other in `cells`), round by round, forwards in even rounds and backwards in odd
/// ones.
std::vector<Launch> order_launches(const std::vector<ScheduledCell>& cells);

}  // namespace harness
