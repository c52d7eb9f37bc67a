#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/plan/schedule.h"

namespace harness {

/// Two schedules of one sweep as one: the cells before, then the cells after.
struct PairedSchedule {
  Schedule schedule;
  std::size_t first_after = 0;  ///< place of the first cell that is after

  bool is_after(std::size_t cell) const { return cell >= first_after; }
};

/// Every round of every cell that is launched, with the two sides of a cell next to each other. Of
/// any two rounds of a cell one has before first and the other after (A B B A, or B A A B: a coin
/// decides for each two rounds, all of them from `seed`), so that what a process does to the one
/// that follows it meets both sides. The rounds of one cell are spread over the whole time, so that
/// a disturbance meets few rounds of each cell instead of all rounds of one.
PairedSchedule pair_schedules(const Schedule& before, const Schedule& after, uint64_t seed);

}  // namespace harness
