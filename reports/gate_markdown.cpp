#include "reports/gate_markdown.h"

#include <fmt/format.h>

#include "harness/analysis/cell_label.h"
#include "reports/gate_text.h"
#include "reports/markdown_table.h"
#include "reports/words.h"

namespace reports {

using harness::CellVerdict;
using harness::GateResult;
using harness::Verdict;

/// The cells that passed, or the others.
static std::string cell_table(const GateResult& result, bool passed) {
  using Align = MarkdownTable::Align;
  MarkdownTable table({{"verdict", Align::kLeft},
                       {"cell", Align::kLeft},
                       {"before /s"},
                       {"after /s"},
                       {"time"},
                       {"memory"},
                       {"status", Align::kLeft},
                       {"why", Align::kLeft}});
  for (const CellVerdict& cell : result.cells) {
    if ((cell.verdict == Verdict::kPassed) != passed) continue;
    table.add_row({std::string(to_string(cell.verdict)), cell_label(cell.cell, result.axes),
                   rate_text(cell.before_samples_per_second),
                   rate_text(cell.after_samples_per_second), time_change_text(cell.time),
                   memory_change_text(cell.memory), status_change_text(cell.status),
                   verdict_reason(cell)});
  }
  return table.empty() ? "" : table.text();
}

std::string gate_markdown(const GateResult& result) {
  std::string text = fmt::format("## {}: {}\n\n{}. {} before, {} after", markdown_text(result.name),
                                 to_string(result.verdict()), gate_counts(result),
                                 markdown_text(result.before), markdown_text(result.after));
  text += result.against == harness::GateAgainst::kRun
              ? "; memory and status alone.\n\n"
              : fmt::format("; {} rounds a side, in pairs.\n\n", result.rounds);
  text += cell_table(result, false);
  const std::string passed = cell_table(result, true);
  if (!passed.empty()) {
    text += fmt::format("<details><summary>{} passed</summary>\n\n{}</details>\n",
                        result.count(Verdict::kPassed), passed);
  }
  return text;
}

}  // namespace reports
