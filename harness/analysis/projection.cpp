#include "harness/analysis/projection.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace harness {

double finetuning_seconds(double samples_per_second) {
  if (!(samples_per_second > 0) || !std::isfinite(samples_per_second)) {
    throw std::invalid_argument("a rate is a positive finite number of samples/second");
  }
  return static_cast<double>(kSquadTrainWindows * kSquadEpochs) / samples_per_second;
}

std::vector<Projection> project_finetuning(const std::vector<CellGroup>& groups) {
  std::vector<Projection> projections;
  for (const CellGroup& group : groups) {
    std::vector<const CellSummary*> fastest;
    for (const CellSummary& cell : group.cells) {
      if (!cell.samples_per_second) continue;
      const auto same = std::find_if(fastest.begin(), fastest.end(), [&](const CellSummary* other) {
        return other->cell.implementation == cell.cell.implementation && other->work == cell.work;
      });
      if (same == fastest.end()) {
        fastest.push_back(&cell);
      } else if (*cell.samples_per_second > *(*same)->samples_per_second) {
        *same = &cell;
      }
    }
    for (const CellSummary* cell : fastest) {
      const double rate = *cell->samples_per_second;
      projections.push_back({group.axes, cell->cell.implementation, cell->cell.flags_text(),
                             cell->work, cell->cell.micro_batch, rate, finetuning_seconds(rate)});
    }
  }
  return projections;
}

}  // namespace harness
