#include "harness/cli/progress.h"

#include <utility>

#include "harness/cli/progress_text.h"

namespace harness {

Progress::Progress(StatusLine::Mode mode, const Schedule& schedule, std::vector<std::string> axes)
    : line_(mode),
      time_left_(schedule),
      axes_(std::move(axes)),
      launches_(schedule.launches.size()) {}

void Progress::checking(const std::string& combination) {
  line_.draw("checking correctness: " + combination);
}

void Progress::started(const Launch& launch, const Cell& cell) {
  ++launch_;
  line_.draw(running_text({launch_, launches_, time_left_.seconds()}, cell, launch.round, axes_));
}

void Progress::finished(const Launch& launch, const Record& record, double seconds) {
  time_left_.finished(launch.cell, seconds);
  if (record.status != Status::kPassed) time_left_.dropped(launch.cell);
  const auto text = finished_text({launch_, launches_, time_left_.seconds()}, record, axes_);
  if (line_.mode() == StatusLine::Mode::kLines || record.status != Status::kPassed) {
    line_.print(text);
  } else {
    line_.draw(text);
  }
}

void Progress::recorded(const Launch& launch) {
  ++launch_;
  time_left_.recorded(launch.cell);
}

void Progress::passed_over(const Launch& launch) {
  ++launch_;
  time_left_.dropped(launch.cell);
}

}  // namespace harness
