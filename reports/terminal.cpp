#include "reports/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/count_text.h"
#include "reports/flag_cost_text.h"
#include "reports/headline.h"
#include "reports/headline_projections.h"
#include "reports/run_facts.h"
#include "reports/terminal_optimizers.h"
#include "reports/terminal_speedup.h"
#include "reports/text_table.h"
#include "reports/words.h"

namespace reports {

using Align = TextTable::Align;

static constexpr std::size_t kFlagsWidth = 44;
static constexpr std::size_t kReasonsShown = 3;

static std::string title(const std::string& text, bool colour) {
  return styled(text, Style::kBold, colour) + "\n";
}

static std::string device_lines(const harness::RunInfo& info,
                                const harness::RunAnalysis& analysis) {
  std::string text = fmt::format("{}: {}", one_line(info.name), info.device.kind);
  if (const std::optional<int64_t> limit = harness::device_limit(info)) {
    text += fmt::format(", memory limit {}", limit_text(*limit));
  }
  text += gpu_text(analysis).empty() ? "\n" : "." + gpu_text(analysis) + "\n";
  if (!info.device.available) {
    text += wrapped(fmt::format("No {} device was found: {}. Memory is planned, times are empty.",
                                info.device.name(), one_line(info.device.reason)),
                    kTerminalWidth, 0) +
            "\n";
  }
  return text + "\n";
}

static std::string group_title(const harness::RunAnalysis& analysis,
                               const std::vector<std::string>& axes, int64_t limit) {
  const std::string text = axes_text(analysis.axes, axes);
  return fmt::format("\nmemory {}{}{}\n", limit_text(limit), text.empty() ? "" : ", ", text);
}

static std::string requirement_table(const harness::RunAnalysis& analysis, bool colour) {
  const std::vector<harness::FlagRequirement>& rows = analysis.requirements;
  if (rows.empty()) return "";
  std::string text = title("Flags that a micro-batch needs", colour);
  for (std::size_t i = 0; i < rows.size();) {
    const harness::FlagRequirement& first = rows[i];
    text += group_title(analysis, first.axes, first.memory_limit_bytes);
    TextTable table({{"implementation", Align::kLeft},
                     {"micro-batch", Align::kLeft},
                     {"flags", Align::kLeft},
                     {"peak MiB"},
                     {"source", Align::kLeft}});
    std::string previous;
    for (; i < rows.size() && rows[i].axes == first.axes &&
           rows[i].memory_limit_bytes == first.memory_limit_bytes;
         ++i) {
      const harness::FlagRequirement& row = rows[i];
      table.add_row({row.implementation == previous ? "" : one_line(row.implementation),
                     range_text(row.micro_batch_from, row.micro_batch_to),
                     row.out_of_memory() ? TextTable::Cell("OOM", Style::kRed)
                                         : TextTable::Cell(wrapped_flags(row.flags, kFlagsWidth)),
                     mib_text(row.peak_bytes), row.measured ? "measured" : "planned"});
      previous = row.implementation;
    }
    text += table.text(colour);
  }
  return text;
}

static std::string planned_lines(const RequirementComparison& row) {
  std::string text;
  for (const std::string& part : row.planned) {
    text += (text.empty() ? "" : "\n") + wrapped_flags(part, kFlagsWidth);
  }
  return text;
}

static std::string published_requirements(const harness::RunInfo& info,
                                          const harness::RunAnalysis& analysis, bool colour) {
  const std::vector<RequirementComparison> rows = compare_requirements(info, analysis);
  std::string text;
  for (std::size_t i = 0; i < rows.size();) {
    const RequirementComparison& first = rows[i];
    text += group_title(analysis, first.axes, first.memory_limit_bytes);
    text += "  " + one_line(first.implementation) +
            ", published: " + one_line(info.published->source) + "\n";
    TextTable table({{"micro-batch", Align::kLeft},
                     {"published flags", Align::kLeft},
                     {"planned flags", Align::kLeft}});
    for (; i < rows.size() && rows[i].axes == first.axes &&
           rows[i].implementation == first.implementation &&
           rows[i].memory_limit_bytes == first.memory_limit_bytes;
         ++i) {
      table.add_row({range_text(rows[i].from, rows[i].to),
                     wrapped_flags(one_line(rows[i].published), 36), planned_lines(rows[i])});
    }
    text += table.text(colour);
  }
  return text;
}

static std::string cost_lines(const harness::RunAnalysis& analysis, bool colour) {
  if (analysis.costs.empty()) return "";
  std::string text = "\n" + title("What the flags cost and bring", colour);
  for (const harness::FlagCost& cost : headline_costs(analysis)) {
    text += paragraph(fmt::format("{}, micro-batch {}: {}",
                                  subject_text(analysis.axes, cost.axes, cost.implementation),
                                  cost.micro_batch, flag_cost_sentence(cost)));
  }
  return text + paragraph(
                    "Costs are over the same implementation without flags at that micro-batch; net "
                    "compares the "
                    "largest micro-batches that passed.");
}

static std::string projection_lines(const harness::RunInfo& info,
                                    const harness::RunAnalysis& analysis, bool colour) {
  const std::vector<harness::Projection> projections = headline_projections(info, analysis);
  if (projections.empty()) return "";
  std::string text =
      "\n" + title(fmt::format("Fine-tuning on SQuAD, {} epochs of {} windows, at the "
                               "measured rate",
                               harness::kSquadEpochs, harness::kSquadTrainWindows),
                   colour);
  const std::optional<std::string> difference = common_difference(projections);
  if (difference && !difference->empty()) text += paragraph("of " + *difference + ":");
  for (const harness::Projection& row : projections) {
    const bool names_difference = !difference && !row.difference.empty();
    text += paragraph(fmt::format(
        "{}, micro-batch {}, flags {}{}{}: {} ({} samples/s)",
        subject_text(analysis.axes, row.axes, implementation_text(row.implementation, row.work)),
        row.micro_batch, row.flags, names_difference ? ", of " : "",
        names_difference ? row.difference : "", duration_text(row.seconds),
        rate_text(row.samples_per_second)));
  }
  return text;
}

static std::string status_lines(const harness::RunAnalysis& analysis, bool colour) {
  std::string text = "\n" + title("Records", colour);
  if (analysis.statuses.empty()) return text + "  none\n";
  for (const harness::StatusCount& count : analysis.statuses) {
    text += fmt::format("  {} {}\n", count.records, to_string(count.status));
    const std::size_t shown = std::min(kReasonsShown, count.reasons.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const harness::ReasonCount& reason = count.reasons[i];
      text += "    " +
              wrapped(fmt::format("{}x {}", reason.records, one_line(reason.reason)), 96, 6) + "\n";
    }
    if (shown < count.reasons.size()) {
      text += "    and " + harness::count_text(count.reasons.size() - shown, "other reason") + "\n";
    }
  }
  return text;
}

std::string terminal_run(const harness::RunInfo& info, const harness::RunAnalysis& analysis,
                         bool colour) {
  return device_lines(info, analysis) + terminal_speedup(info, analysis, colour) + "\n" +
         requirement_table(analysis, colour) + published_requirements(info, analysis, colour) +
         cost_lines(analysis, colour) + terminal_optimizers(analysis, colour) +
         projection_lines(info, analysis, colour) + status_lines(analysis, colour);
}

std::string terminal_memory_plan(const harness::RunInfo& info, const harness::RunAnalysis& analysis,
                                 bool colour) {
  std::string text = device_lines(info, analysis) + title("Planned peak memory", colour);
  std::set<std::string> unsupported;
  for (const harness::CellGroup& group : analysis.groups) {
    const std::string axes = axes_text(analysis.axes, group.axes);
    text += (axes.empty() ? "" : "\n" + axes) + "\n";
    TextTable table({{"implementation", Align::kLeft},
                     {"flags", Align::kLeft},
                     {"micro-batch"},
                     {"peak MiB"},
                     {"fits", Align::kLeft}});
    for (const harness::CellSummary& cell : group.cells) {
      if (!cell.unsupported_reason.empty()) unsupported.insert(cell.unsupported_reason);
      const std::optional<int64_t> usable = cell.cell.device.usable_bytes();
      const std::optional<int64_t> peak = cell.peak_bytes();
      const bool over = peak && usable && *peak > *usable;
      table.add_row({one_line(cell.cell.implementation),
                     wrapped_flags(cell.cell.flags_text(), kFlagsWidth),
                     std::to_string(cell.cell.micro_batch), peak ? mib_text(peak) : "unsupported",
                     over   ? TextTable::Cell("no", Style::kRed)
                     : peak ? "yes"
                            : ""});
    }
    text += table.text(colour);
  }
  for (const std::string& reason : unsupported) text += paragraph("unsupported: " + reason);
  return text + "\n" + requirement_table(analysis, colour) +
         published_requirements(info, analysis, colour);
}

bool use_colour(int file_descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && isatty(file_descriptor) == 1;
}

}  // namespace reports
