#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/plan/schedule.h"

namespace harness {

/// Estimates how long the rest of a schedule takes from the launches that are done: a cell's own
/// mean where it has run, else its arithmetic at the rate of everything that has run.
class TimeLeft {
 public:
  explicit TimeLeft(const Schedule& schedule);

  /// One launch of the cell took `seconds`.
  void finished(std::size_t cell, double seconds);
  /// A launch of the cell in another run took `seconds`.
  void ran_before(std::size_t cell, double seconds);
  /// One launch of the cell is not needed: an earlier process has carried it out.
  void recorded(std::size_t cell);
  /// The cell will not be launched again.
  void dropped(std::size_t cell);
  /// None before anything has finished; 0 at the end.
  std::optional<double> seconds() const;

 private:
  struct CellTime {
    double work = 0;  ///< of one launch, see launch_work()
    double seconds = 0;
    int finished = 0;
    int left = 0;
  };
  std::vector<CellTime> cells_;
};

}  // namespace harness
