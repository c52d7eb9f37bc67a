#include "reports/markdown_results.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/analysis/noise.h"
#include "reports/cautions.h"
#include "reports/flag_cost_text.h"
#include "reports/headline.h"
#include "reports/headline_projections.h"
#include "reports/left_out.h"
#include "reports/markdown_table.h"
#include "reports/words.h"

namespace reports {

using Align = MarkdownTable::Align;
using Columns = std::vector<MarkdownTable::Column>;

static std::string group_heading(const std::string& text) {
  return text.empty() ? "" : "### " + markdown_text(text) + "\n\n";
}

static std::string speedup_cell(const harness::SpeedupRow& row) {
  return ratio_text(row.speedup) + (row.basis == harness::SpeedupBasis::kBestBaseline ? "†" : "");
}

static std::string peak_cell(const harness::SpeedupSide& side) {
  return peak_text(side.peak_bytes, side.peak_is_planned);
}

static std::string published_rate(const std::optional<double>& rate) {
  return rate ? rate_text(rate) : "OOM";
}

/// How many tokens are real decides what other work saves.
static std::string candidate_text(const harness::SpeedupSide& side) {
  const std::string name = implementation_text(side.implementation, side.work);
  if (side.work.empty() || !side.tokens_per_sequence) return name;
  return name + fmt::format(" ({:.0f} tokens a sequence)", *side.tokens_per_sequence);
}

static std::string speedup_table(const harness::RunInfo& info, const HeadlineTable& headline) {
  Columns columns = {{"micro-batch"},         {"baseline", Align::kLeft},  {"baseline samples/s"},
                     {"baseline peak MiB"},   {"candidate", Align::kLeft}, {"flags", Align::kLeft},
                     {"candidate samples/s"}, {"candidate peak MiB"},      {"×"},
                     {"95 % interval"}};
  if (info.published) {
    columns.insert(columns.end(),
                   {{"published baseline"}, {"published candidate"}, {"published ×"}});
  }
  MarkdownTable table(columns);
  for (const auto& [row, published] : headline.rows) {
    const bool has_candidate = !row.candidate.implementation.empty();
    std::vector<std::string> cells = {
        std::to_string(row.micro_batch),
        row.baseline.implementation,
        outcome_text(row.baseline.samples_per_second, row.baseline.status),
        peak_cell(row.baseline),
        candidate_text(row.candidate),
        has_candidate ? row.candidate.flags : "",
        has_candidate ? outcome_text(row.candidate.samples_per_second, row.candidate.status) : "",
        peak_cell(row.candidate),
        speedup_cell(row),
        interval_text(row.interval, "–")};
    if (info.published && published) {
      cells.insert(cells.end(),
                   {published_rate(published->baseline_samples_per_second),
                    published_rate(published->candidate_samples_per_second),
                    published->speedup ? fmt::format("{:.1f}", *published->speedup) : ""});
    } else if (info.published) {
      cells.insert(cells.end(), {"", "", ""});
    }
    table.add_row(cells);
  }
  return table.text();
}

static std::string left_out_list(const harness::RunAnalysis& analysis) {
  const std::vector<std::string> lines = left_out_lines(analysis);
  if (lines.empty()) return "";
  std::string text = "Rounds of these cells passed and yet the cells enter no ×:\n\n";
  for (const std::string& line : lines) text += "- " + markdown_text(line) + "\n";
  return text + "\n";
}

std::string speedup_section(const harness::RunInfo& info, const harness::RunAnalysis& analysis) {
  std::string text = "## Speedup\n\n";
  for (const std::string& caution : cautions(analysis)) text += "**" + caution + "**\n\n";
  if (const std::string missing = missing_baseline_text(info, analysis); !missing.empty()) {
    text += markdown_text(missing) + "\n\n";
  }
  const std::vector<HeadlineTable> headlines = headline_tables(info, analysis);
  for (const HeadlineTable& headline : headlines) {
    text += group_heading(axes_text(analysis.axes, headline.axes)) + speedup_table(info, headline);
  }
  if (any_other_work(headlines)) {
    text +=
        "**A candidate with a label, as in \"fused, without padding\", does not compute what the "
        "baseline does**: its × is not that of the kernels alone.\n\n";
  }
  text += fmt::format(
      "Each candidate stands with its cheapest flag set that passed and, where its rounds prove "
      "that another set is faster, with the fastest of these; every flag set is in "
      "`speedup.csv`. × is the median of the ratios of paired rounds, with the exact 95 % interval "
      "of that median, which takes at least 6 rounds. † The baseline is out of memory: × is over "
      "its best samples/second at any micro-batch, measured at another time of the run, and has no "
      "interval. A cell passes where every "
      "round does and half of them or more are within {:.0f} % of their median; one that does not "
      "gives no ×.\n\n{}",
      100 * harness::kNoiseBound, left_out_list(analysis));
  if (info.published) {
    text += "Published: " + markdown_text(info.published->source) + ".\n\n";
  }
  return text;
}

static std::string comparison_table(const harness::RunInfo& info,
                                    const harness::RunAnalysis& analysis) {
  Columns columns;
  for (const std::string& axis : analysis.axes)
    columns.push_back({markdown_text(axis), Align::kLeft});
  columns.insert(columns.end(), {{"implementation", Align::kLeft},
                                 {"memory", Align::kLeft},
                                 {"micro-batch", Align::kLeft},
                                 {"published flags", Align::kLeft},
                                 {"planned flags", Align::kLeft}});
  MarkdownTable table(columns);
  for (const RequirementComparison& row : compare_requirements(info, analysis)) {
    std::vector<std::string> cells = row.axes;
    cells.insert(cells.end(), {row.implementation, limit_text(row.memory_limit_bytes),
                               range_text(row.from, row.to), row.published,
                               fmt::format("{}", fmt::join(row.planned, "; "))});
    table.add_row(cells);
  }
  if (table.empty()) return "";
  return "Beside what was published (" + markdown_text(info.published->source) +
         "). The plan is exact for this program and fitted to nothing, so the two may differ; "
         "`docs/memory.md` of the project says why.\n\n" +
         table.text();
}

std::string requirement_section(const harness::RunInfo& info,
                                const harness::RunAnalysis& analysis) {
  const std::vector<harness::FlagRequirement>& rows = analysis.requirements;
  if (rows.empty()) return "";
  std::string text = "## Flags that a micro-batch needs\n\n";
  for (std::size_t i = 0; i < rows.size();) {
    const harness::FlagRequirement& first = rows[i];
    const std::string axes = axes_text(analysis.axes, first.axes);
    text += group_heading(fmt::format("memory {}{}{}", limit_text(first.memory_limit_bytes),
                                      axes.empty() ? "" : ", ", axes));
    MarkdownTable table({{"implementation", Align::kLeft},
                         {"micro-batch", Align::kLeft},
                         {"flags", Align::kLeft},
                         {"peak MiB"},
                         {"source", Align::kLeft}});
    for (; i < rows.size() && rows[i].axes == first.axes &&
           rows[i].memory_limit_bytes == first.memory_limit_bytes;
         ++i) {
      const harness::FlagRequirement& row = rows[i];
      table.add_row({row.implementation, range_text(row.micro_batch_from, row.micro_batch_to),
                     row.out_of_memory() ? "OOM" : row.flags, mib_text(row.peak_bytes),
                     row.measured ? "measured" : "planned"});
    }
    text += table.text();
  }
  return text + comparison_table(info, analysis);
}

std::string cost_section(const harness::RunAnalysis& analysis) {
  if (analysis.costs.empty()) return "";
  std::string text = "## What the flags cost and bring\n\n";
  for (const harness::FlagCost& cost : headline_costs(analysis)) {
    const std::string subject = subject_text(analysis.axes, cost.axes, cost.implementation);
    text += "- " +
            markdown_text(fmt::format("{}, micro-batch {}: {}", subject, cost.micro_batch,
                                      flag_cost_sentence(cost))) +
            "\n";
  }
  return text +
         "\nThe cost is of a step at that micro-batch, over the same implementation without flags; "
         "brackets after the flags say what a step computes otherwise than that one. "
         "`flag_costs.csv` has the other micro-batches. Freed is what the peak lost, wherever in a "
         "step it lies. The largest micro-batches fit by the plan. Net is samples/second with the "
         "flags at the largest micro-batch that passed with them, over samples/second of the same "
         "implementation without flags at the largest that passed without.\n\n";
}

std::string projection_section(const harness::RunInfo& info, const harness::RunAnalysis& analysis) {
  const std::vector<harness::Projection> projections = headline_projections(info, analysis);
  if (projections.empty()) return "";
  const std::optional<std::string> difference = common_difference(projections);
  Columns columns;
  for (const std::string& axis : analysis.axes)
    columns.push_back({markdown_text(axis), Align::kLeft});
  columns.insert(columns.end(), {{"implementation", Align::kLeft},
                                 {"flags", Align::kLeft},
                                 {"micro-batch"},
                                 {"samples/s"},
                                 {"time"}});
  if (!difference) columns.push_back({"of", Align::kLeft});
  MarkdownTable table(columns);
  for (const harness::Projection& row : projections) {
    std::vector<std::string> cells = row.axes;
    cells.insert(cells.end(), {implementation_text(row.implementation, row.work), row.flags,
                               std::to_string(row.micro_batch), rate_text(row.samples_per_second),
                               duration_text(row.seconds)});
    if (!difference) cells.push_back(row.difference);
    table.add_row(cells);
  }
  return fmt::format(
      "## Projected fine-tuning on SQuAD{}{}\n\n{} epochs of {} windows at the measured rate, "
      "without evaluation.\n\n{}",
      difference.value_or("").empty() ? "" : ", of ", markdown_text(difference.value_or("")),
      harness::kSquadEpochs, harness::kSquadTrainWindows, table.text());
}

}  // namespace reports
