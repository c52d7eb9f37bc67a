#include "reports/terminal_speedup.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/cautions.h"
#include "reports/headline.h"
#include "reports/left_out.h"
#include "reports/text_table.h"
#include "reports/words.h"

namespace reports {

using harness::SpeedupBasis;
using harness::SpeedupRow;

static constexpr std::size_t kFlagsWidth = 24;

static TextTable::Cell outcome_cell(const harness::SpeedupSide& side) {
  return {outcome_text(side.samples_per_second, side.status),
          side.samples_per_second || !side.status ? Style::kPlain : Style::kRed};
}

static std::string peak_text(const harness::SpeedupSide& side) {
  return (side.peak_is_planned ? "p " : "") + mib_text(side.peak_bytes);
}

static TextTable::Cell baseline_cell(const harness::RunInfo& info, const SpeedupRow& row) {
  TextTable::Cell cell = outcome_cell(row.baseline);
  if (info.baseline == "best" && !row.baseline.implementation.empty()) {
    cell.text += "\n" + one_line(row.baseline.implementation);
  }
  if (row.baseline.peak_bytes) cell.text += "\n" + peak_text(row.baseline);
  return cell;
}

/// The label of other work on a line of its own, so that the column stays narrow.
static std::string candidate_cell(const harness::SpeedupSide& side) {
  if (side.work.empty()) return one_line(side.implementation);
  return one_line(side.implementation) + ",\n" + one_line(side.work);
}

static std::string speedup_cell(const SpeedupRow& row) {
  return ratio_text(row.speedup) + (row.basis == SpeedupBasis::kBestBaseline ? "*" : "");
}

static std::string speedup_block(const harness::RunInfo& info, const HeadlineTable& headline,
                                 bool colour) {
  using Align = TextTable::Align;
  TextTable table({{"micro-\nbatch"},
                   {"baseline\nsamples/s,\npeak MiB"},
                   {"candidate", Align::kLeft},
                   {"flags", Align::kLeft},
                   {"candidate\nsamples/s"},
                   {"speed-\nup"},
                   {"95 %\ninterval"},
                   {"peak\nMiB"}});
  int64_t previous = -1;
  for (const auto& [row, published] : headline.rows) {
    const bool has_candidate = !row.candidate.implementation.empty();
    const bool repeated = row.micro_batch == previous;
    previous = row.micro_batch;
    const Style speed = row.speedup.value_or(0) > 1 ? Style::kGreen : Style::kPlain;
    table.add_row({repeated ? "" : std::to_string(row.micro_batch),
                   repeated ? TextTable::Cell("") : baseline_cell(info, row),
                   candidate_cell(row.candidate),
                   has_candidate ? wrapped_flags(row.candidate.flags, kFlagsWidth) : "",
                   has_candidate ? outcome_cell(row.candidate) : TextTable::Cell(""),
                   TextTable::Cell(speedup_cell(row), speed), interval_text(row.interval, "-"),
                   peak_text(row.candidate)});
  }
  return table.text(colour);
}

static std::string published_block(const HeadlineTable& headline, bool colour) {
  TextTable table({{"micro-\nbatch"},
                   {"published\nbaseline"},
                   {"published\ncandidate"},
                   {"published\nspeedup"},
                   {"our\nbaseline"},
                   {"our\ncandidate"},
                   {"our\nspeedup"}});
  for (const auto& [row, published] : headline.rows) {
    if (!published) continue;
    const auto rate = [](const std::optional<double>& value) {
      return value ? rate_text(value) : std::string("OOM");
    };
    table.add_row({std::to_string(row.micro_batch), rate(published->baseline_samples_per_second),
                   rate(published->candidate_samples_per_second),
                   published->speedup ? fmt::format("{:.1f}", *published->speedup) : "",
                   outcome_cell(row.baseline), outcome_cell(row.candidate), speedup_cell(row)});
  }
  return table.empty() ? "" : table.text(colour);
}

std::string terminal_speedup(const harness::RunInfo& info, const harness::RunAnalysis& analysis,
                             bool colour) {
  const std::string baseline =
      info.baseline == "best" ? "the fastest pytorch implementation" : info.baseline;
  std::string text =
      styled(fmt::format("Speedup over {}", one_line(baseline)), Style::kBold, colour) + "\n";
  for (const std::string& caution : cautions(analysis)) text += paragraph(caution);
  if (const std::string missing = missing_baseline_text(info, analysis); !missing.empty()) {
    text += paragraph(missing);
  }
  bool any_best = false;
  bool any_planned = false;
  const std::vector<HeadlineTable> headlines = headline_tables(info, analysis);
  for (const HeadlineTable& headline : headlines) {
    const std::string axes = axes_text(analysis.axes, headline.axes);
    text += (axes.empty() ? "" : "\n" + axes) + "\n" + speedup_block(info, headline, colour);
    if (const std::string block = published_block(headline, colour); !block.empty()) {
      text += "\n  Published: " + one_line(info.published->source) + "\n" + block;
    }
    any_best = any_best ||
               std::any_of(headline.rows.begin(), headline.rows.end(), [](const HeadlineRow& row) {
                 return row.measured.basis == SpeedupBasis::kBestBaseline;
               });
    any_planned =
        any_planned ||
        std::any_of(headline.rows.begin(), headline.rows.end(), [](const HeadlineRow& row) {
          return row.measured.baseline.peak_is_planned || row.measured.candidate.peak_is_planned;
        });
  }
  const bool any_other = any_other_work(headlines);
  if (any_other || any_best || any_planned) text += "\n";
  if (any_other) {
    text += paragraph(
        "A candidate with a label, as in \"fused, without padding\", does not compute what the "
        "baseline does: its speedup is not that of the kernels alone.");
  }
  if (any_best)
    text += paragraph(
        "* the baseline is out of memory: over its best samples/s at any micro-batch, measured at "
        "another time of the run");
  if (any_planned) text += paragraph("p by the plan, not measured");
  const std::vector<std::string> left_out = left_out_lines(analysis);
  if (!left_out.empty()) text += "\n  Rounds passed, and yet no speedup:\n";
  for (const std::string& line : left_out) text += paragraph(line);
  return text;
}

}  // namespace reports
