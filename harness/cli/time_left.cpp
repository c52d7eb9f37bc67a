#include "harness/cli/time_left.h"

#include <algorithm>

#include "harness/plan/launch_work.h"

namespace harness {

TimeLeft::TimeLeft(const Schedule& schedule) {
  for (const auto& scheduled : schedule.cells) {
    cells_.push_back({.work = launch_work(scheduled.cell)});
  }
  for (const auto& launch : schedule.launches) ++cells_[launch.cell].left;
}

void TimeLeft::finished(std::size_t cell, double seconds) {
  ran_before(cell, seconds);
  cells_[cell].left = std::max(0, cells_[cell].left - 1);
}

void TimeLeft::ran_before(std::size_t cell, double seconds) {
  cells_[cell].seconds += seconds;
  ++cells_[cell].finished;
}

void TimeLeft::recorded(std::size_t cell) {
  cells_[cell].left = std::max(0, cells_[cell].left - 1);
}

void TimeLeft::dropped(std::size_t cell) {
  cells_[cell].left = 0;
}

std::optional<double> TimeLeft::seconds() const {
  double all_seconds = 0;
  double all_work = 0;
  for (const auto& cell : cells_) {
    all_seconds += cell.seconds;
    all_work += cell.work * cell.finished;
  }
  double result = 0;
  for (const auto& cell : cells_) {
    if (cell.left == 0) continue;
    if (cell.finished > 0) {
      result += cell.left * cell.seconds / cell.finished;
    } else if (all_work > 0) {
      result += cell.left * cell.work * all_seconds / all_work;
    } else {
      return std::nullopt;
    }
  }
  return result;
}

}  // namespace harness
