#include "reports/left_out.h"

#include <fmt/format.h>

#include "reports/words.h"

namespace reports {

static std::string left_out_text(const harness::CellSummary& cell) {
  return fmt::format("{} of {} rounds passed ({} samples/s): {}", cell.rounds.size(), cell.records,
                     rate_text(harness::samples_per_second(cell.rounds)), one_line(cell.reason));
}

std::vector<std::string> left_out_lines(const harness::RunAnalysis& analysis) {
  std::vector<std::string> lines;
  for (const harness::CellGroup& group : analysis.groups) {
    for (const harness::CellSummary& cell : group.cells) {
      if (!cell.left_out()) continue;
      lines.push_back(fmt::format("{}, micro-batch {}, flags {}: {}, {}",
                                  subject_text(analysis.axes, group.axes, cell.cell.implementation),
                                  cell.cell.micro_batch, cell.cell.flags_text(),
                                  status_text(cell.status), left_out_text(cell)));
    }
  }
  return lines;
}

}  // namespace reports
