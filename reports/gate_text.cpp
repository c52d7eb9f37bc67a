#include "reports/gate_text.h"

#include <fmt/format.h>

#include "harness/analysis/cell_label.h"
#include "harness/analysis/percent_text.h"
#include "harness/analysis/self_test.h"
#include "harness/count_text.h"
#include "reports/text_table.h"
#include "reports/words.h"

namespace reports {

using harness::CellVerdict;
using harness::GateResult;
using harness::Verdict;

static Style style_of(Verdict verdict) {
  if (verdict == Verdict::kFailed || verdict == Verdict::kInconclusive) return Style::kRed;
  return verdict == Verdict::kImproved ? Style::kGreen : Style::kPlain;
}

std::string gate_counts(const GateResult& result) {
  std::string text = harness::count_text(result.cells.size(), "cell");
  const char* separator = ": ";
  for (const Verdict verdict : {Verdict::kPassed, Verdict::kImproved, Verdict::kSkipped,
                                Verdict::kInconclusive, Verdict::kFailed}) {
    const int64_t count = result.count(verdict);
    if (count == 0) continue;
    text += fmt::format("{}{} {}", separator, count, to_string(verdict));
    separator = ", ";
  }
  return text;
}

std::string time_change_text(const std::optional<harness::TimeChange>& time) {
  if (!time) return "";
  const std::string change = harness::change_text(time->ratio);
  if (!time->interval) return change;
  return fmt::format("{} ({} to {})", change, harness::change_text(time->interval->low),
                     harness::change_text(time->interval->high));
}

std::string memory_change_text(const std::optional<harness::MemoryChange>& memory) {
  if (!memory) return "";
  return memory->before_bytes == memory->after_bytes ? "=" : harness::change_text(memory->ratio());
}

std::string status_change_text(const harness::StatusChange& status) {
  const std::string after = status.after ? std::string(to_string(*status.after)) : "not run";
  if (status.before == status.after) return after;
  return fmt::format("{} → {}", status.before ? to_string(*status.before) : "not run", after);
}

std::string verdict_reason(const CellVerdict& cell) {
  if (!cell.first_time) return cell.reason;
  const std::string first =
      fmt::format("measured twice, first {}", harness::change_text(cell.first_time->ratio));
  return cell.reason.empty() ? first : cell.reason + "; " + first;
}

std::string gate_text(const GateResult& result, bool colour) {
  TextTable table({{"verdict", TextTable::Align::kLeft},
                   {"cell", TextTable::Align::kLeft},
                   {"time"},
                   {"memory"},
                   {"status", TextTable::Align::kLeft}});
  for (const CellVerdict& cell : result.cells) {
    table.add_row({{std::string(to_string(cell.verdict)), style_of(cell.verdict)},
                   cell_label(cell.cell, result.axes),
                   time_change_text(cell.time),
                   memory_change_text(cell.memory),
                   status_change_text(cell.status)});
  }
  std::string text = table.text(colour) + "\n";
  for (const CellVerdict& cell : result.cells) {
    const std::string reason = verdict_reason(cell);
    if (reason.empty()) continue;
    text +=
        fmt::format("  {}: {}: {}\n", cell_label(cell.cell, result.axes), to_string(cell.verdict),
                    one_line(reason));  // on a line, to be searched for
  }
  const Verdict verdict = result.verdict();
  return text + fmt::format("  {}: {} ({})\n", result.name,
                            styled(std::string(to_string(verdict)), style_of(verdict), colour),
                            gate_counts(result));
}

static std::string proportion_text(const harness::Proportion& proportion) {
  if (!proportion.interval) return "none of none";
  return fmt::format("{} of {}, {:.2f} % ({:.2f} % to {:.2f} %)", proportion.count, proportion.of,
                     100 * *proportion.rate(), 100 * proportion.interval->low,
                     100 * proportion.interval->high);
}

std::string self_test_text(const std::vector<GateResult>& gates) {
  const harness::SelfTest test = harness::evaluate_self_test(gates);
  TextTable table({{"of a build against itself", TextTable::Align::kLeft},
                   {"count, rate and its 95 % interval", TextTable::Align::kLeft}});
  table.add_row({"gates that failed", proportion_text(test.failed_gates)});
  table.add_row({"cells that failed twice: false alarms", proportion_text(test.false_alarms)});
  table.add_row({"cells that failed when first measured", proportion_text(test.alarms)});
  table.add_row({"cells that were inconclusive", proportion_text(test.inconclusive)});
  table.add_row({"cells that were slower at first", proportion_text(test.slower)});
  return table.text(false);
}

}  // namespace reports
