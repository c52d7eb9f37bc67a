#include "harness/tuning/search_space.h"

#include <fmt/format.h>

#include "harness/plan/memory_fit.h"

namespace harness {

SearchSpace search_space(const Schedule& schedule) {
  SearchSpace space;
  for (ScheduledCell scheduled : schedule.cells) {
    const bool over = scheduled.plan.footprint && !fits(scheduled.cell, scheduled.plan);
    if (!scheduled.not_launched && over) {
      scheduled.not_launched = Status::kOutOfMemory;
      scheduled.reason =
          fmt::format("the planned peak of {} bytes is over the {} that the memory limit leaves",
                      scheduled.plan.footprint->peak_bytes, *scheduled.cell.device.usable_bytes());
    }
    auto& side = scheduled.not_launched ? space.left_out : space.candidates;
    side.push_back(std::move(scheduled));
  }
  return space;
}

}  // namespace harness
