#include "reports/comparison_text.h"

#include <fmt/format.h>

#include "harness/analysis/cell_label.h"
#include "harness/analysis/percent_text.h"
#include "harness/count_text.h"
#include "reports/text_table.h"
#include "reports/words.h"

namespace reports {

using harness::CellChange;
using harness::RunComparison;

static std::string memory_text(const CellChange& cell) {
  if (!cell.comparable || !cell.before_peak_bytes || !cell.after_peak_bytes) return "";
  if (*cell.before_peak_bytes == *cell.after_peak_bytes) return "=";
  return harness::change_text(static_cast<double>(*cell.after_peak_bytes) /
                              static_cast<double>(*cell.before_peak_bytes));
}

static std::string mean_text(const RunComparison& comparison) {
  const auto left_out = static_cast<int64_t>(comparison.cells.size()) - comparison.compared();
  std::string text = "No cell has a speedup";
  if (const auto mean = comparison.mean_speedup()) {
    text = fmt::format("Geometric mean of the speedups: {} over {}", ratio_text(mean),
                       harness::count_text(comparison.compared(), "cell"));
  }
  if (left_out > 0) {
    text += fmt::format("; {} did not pass on both sides or differ in more than the build",
                        harness::count_text(left_out, "cell"));
  }
  return text + ".";
}

static std::string cell_list(const char* title, const std::vector<harness::Cell>& cells,
                             const std::vector<std::string>& axes) {
  if (cells.empty()) return "";
  std::string text = paragraph(title);
  for (const harness::Cell& cell : cells) text += "    " + cell_label(cell, axes) + "\n";
  return text;
}

std::string comparison_text(const RunComparison& comparison, bool colour) {
  TextTable table({{"cell", TextTable::Align::kLeft},
                   {"before /s"},
                   {"after /s"},
                   {"speedup"},
                   {"before MiB"},
                   {"after MiB"},
                   {"memory"}});
  std::string notes;
  for (const CellChange& cell : comparison.cells) {
    const auto label = cell_label(cell.cell, comparison.axes);
    table.add_row({label, outcome_text(cell.before_samples_per_second, cell.before_status),
                   outcome_text(cell.after_samples_per_second, cell.after_status),
                   ratio_text(cell.speedup()), mib_text(cell.before_peak_bytes),
                   mib_text(cell.after_peak_bytes), memory_text(cell)});
    if (!cell.difference.empty()) {
      notes += paragraph(fmt::format("{}: {}it differs in {}", label,
                                     cell.comparable ? "" : "not compared, ", cell.difference));
    }
  }
  std::string text = table.empty() ? "" : table.text(colour) + "\n";
  return text + paragraph(mean_text(comparison)) + notes +
         cell_list("Only after:", comparison.fresh, comparison.axes) +
         cell_list("Only before:", comparison.lost, comparison.axes);
}

}  // namespace reports
