#include "harness/plan/cell_progress.h"

#include <stdexcept>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

namespace harness {

int64_t CellProgress::next_round() const {
  int64_t next = 0;
  while (rounds.contains(next)) ++next;
  return next;
}

std::vector<CellProgress> cell_progress(const Schedule& schedule,
                                        const std::vector<Record>& records) {
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < schedule.cells.size(); ++i) {
    index.emplace(cell_key(schedule.cells[i].cell), i);
  }
  std::vector<CellProgress> progress(schedule.cells.size());
  for (const Record& record : records) {
    const auto found = index.find(cell_key(record.cell));
    if (found == index.end()) {
      throw std::invalid_argument(fmt::format(
          "{} at micro-batch {}, flags {}, is no cell of the sweep", record.cell.implementation,
          record.cell.micro_batch, record.cell.flags_text()));
    }
    CellProgress& cell = progress[found->second];
    cell.rounds.insert(record.round);
    cell.ended = cell.ended || record.status != Status::kPassed;
  }
  return progress;
}

}  // namespace harness
