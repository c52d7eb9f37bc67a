#include "reports/markdown_optimizers.h"

#include "reports/markdown_table.h"
#include "reports/words.h"

namespace reports {

using Align = MarkdownTable::Align;

static std::string rate_cell(const harness::OptimizerSide& side) {
  return outcome_text(side.samples_per_second, side.status);
}

static std::string peak_cell(const harness::OptimizerSide& side) {
  return peak_text(side.peak_bytes, side.peak_is_planned);
}

std::string optimizer_section(const harness::RunAnalysis& analysis) {
  if (analysis.optimizers.empty()) return "";
  std::vector<MarkdownTable::Column> columns;
  for (const std::string& axis : analysis.optimizer_axes) {
    columns.push_back({markdown_text(axis), Align::kLeft});
  }
  columns.insert(columns.end(), {{"implementation", Align::kLeft},
                                 {"flags", Align::kLeft},
                                 {"micro-batch"},
                                 {"optimizer", Align::kLeft},
                                 {"samples/s"},
                                 {"peak MiB"},
                                 {"over", Align::kLeft},
                                 {"its samples/s"},
                                 {"its peak MiB"},
                                 {"×"},
                                 {"95 % interval"}});
  MarkdownTable table(columns);
  for (const harness::OptimizerEffect& row : analysis.optimizers) {
    std::vector<std::string> cells = row.axes;
    cells.insert(
        cells.end(),
        {implementation_text(row.implementation, row.work), row.flags,
         std::to_string(row.micro_batch), row.candidate.optimizer, rate_cell(row.candidate),
         peak_cell(row.candidate), row.reference.optimizer, rate_cell(row.reference),
         peak_cell(row.reference), ratio_text(row.speedup), interval_text(row.interval, "–")});
    table.add_row(cells);
  }
  return "## Optimizers\n\nEach row is one cell trained with two optimizers and otherwise the "
         "same: "
         "× is what the optimizer alone brings to a whole step, by paired rounds as above. The "
         "speedup tables compare cells that have the same optimizer.\n\n" +
         table.text();
}

}  // namespace reports
