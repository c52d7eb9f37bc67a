#include "reports/terminal_optimizers.h"

#include "reports/text_table.h"
#include "reports/words.h"

namespace reports {

using Align = TextTable::Align;
using harness::OptimizerEffect;

static constexpr std::size_t kFlagsWidth = 24;

static TextTable optimizer_table() {
  return TextTable({{"micro-\nbatch"},
                    {"implementation", Align::kLeft},
                    {"flags", Align::kLeft},
                    {"optimizer,\nover", Align::kLeft},
                    {"samples/s"},
                    {"speed-\nup"},
                    {"95 %\ninterval"},
                    {"peak\nMiB"}});
}

static std::string outcome_of(const harness::OptimizerSide& side) {
  return outcome_text(side.samples_per_second, side.status);
}

static std::string peak_text(const harness::OptimizerSide& side) {
  return (side.peak_is_planned ? "p " : "") + mib_text(side.peak_bytes);
}

/// Two lines: the optimizer, then the one that it is compared with.
static void add_row(TextTable& table, const OptimizerEffect& row) {
  const std::string work = row.work.empty() ? "" : ",\n" + one_line(row.work);
  const Style speed = row.speedup.value_or(0) > 1 ? Style::kGreen : Style::kPlain;
  table.add_row({std::to_string(row.micro_batch), one_line(row.implementation) + work,
                 wrapped_flags(row.flags, kFlagsWidth),
                 one_line(row.candidate.optimizer) + "\n" + one_line(row.reference.optimizer),
                 outcome_of(row.candidate) + "\n" + outcome_of(row.reference),
                 TextTable::Cell(ratio_text(row.speedup), speed), interval_text(row.interval, "-"),
                 peak_text(row.candidate) + "\n" + peak_text(row.reference)});
}

std::string terminal_optimizers(const harness::RunAnalysis& analysis, bool colour) {
  const std::vector<OptimizerEffect>& rows = analysis.optimizers;
  if (rows.empty()) return "";
  std::string text = "\n" + styled("Optimizers", Style::kBold, colour) + "\n";
  for (std::size_t i = 0; i < rows.size();) {
    const std::vector<std::string>& group = rows[i].axes;
    const std::string axes = axes_text(analysis.optimizer_axes, group);
    text += (axes.empty() ? "" : "\n" + axes + "\n");
    TextTable table = optimizer_table();
    for (; i < rows.size() && rows[i].axes == group; ++i) add_row(table, rows[i]);
    text += table.text(colour);
  }
  return text + "\n" +
         paragraph(
             "One cell with two optimizers, otherwise the same. The speedups above compare cells "
             "that have the same optimizer.");
}

}  // namespace reports
