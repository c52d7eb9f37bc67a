#include "reports/html/result_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/csv_writer.h"
#include "reports/speedup_table.h"
#include "reports/words.h"

namespace reports {
namespace {

const std::vector<std::string> kSpeedupColumns = {"micro_batch",
                                                  "baseline",
                                                  "baseline_samples_per_second",
                                                  "baseline_peak_bytes",
                                                  "candidate",
                                                  "candidate_flags",
                                                  "candidate_samples_per_second",
                                                  "candidate_peak_bytes",
                                                  "speedup",
                                                  "speedup_low",
                                                  "speedup_high"};

/// The text of the field under `column`.
std::string& text_of(HtmlTable& table, HtmlTable::Row& row, const std::string& column) {
  return row.texts[Table(table.columns).column(column)];
}

/// What was published for one row; "OOM" where a rate is missing, because a publication leaves out
/// no other.
void add_published(HtmlTable::Row& row, const std::optional<harness::PublishedSpeedup>& published) {
  if (!published) {
    row.fields.resize(row.fields.size() + 3);
    row.texts.resize(row.fields.size());
    return;
  }
  for (const auto& rate :
       {published->baseline_samples_per_second, published->candidate_samples_per_second}) {
    row.fields.push_back(csv_number(rate));
    row.texts.push_back(rate ? rate_text(rate) : "OOM");
  }
  row.fields.push_back(csv_number(published->speedup));
  row.texts.push_back(published->speedup ? fmt::format("{:.1f}", *published->speedup) : "");
}

}  // namespace

HtmlTable headline_speedups(const harness::RunInfo& info, const harness::RunAnalysis& analysis,
                            const HeadlineTable& headline, const CellNumbers& numbers) {
  std::vector<harness::SpeedupRow> rows;
  for (const HeadlineRow& row : headline.rows) rows.push_back(row.measured);
  const Table whole = speedup_table(analysis.axes, rows);
  const std::vector<std::optional<std::size_t>> cells = numbers.of_rows(whole);
  const std::string axes = axes_text(analysis.axes, headline.axes);
  HtmlTable table = html_table("Candidates over the baseline" + (axes.empty() ? "" : ", " + axes),
                               "speedup.csv", select_columns(whole, kSpeedupColumns));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    HtmlTable::Row& row = table.rows[i];
    const harness::SpeedupRow& measured = rows[i];
    row.cell = cells[i];
    text_of(table, row, "baseline_samples_per_second") =
        outcome_text(measured.baseline.samples_per_second, measured.baseline.status);
    text_of(table, row, "baseline_peak_bytes") =
        peak_text(measured.baseline.peak_bytes, measured.baseline.peak_is_planned);
    text_of(table, row, "candidate_peak_bytes") =
        peak_text(measured.candidate.peak_bytes, measured.candidate.peak_is_planned);
    if (!measured.candidate.implementation.empty()) {
      text_of(table, row, "candidate") =
          implementation_text(measured.candidate.implementation, measured.candidate.work);
      text_of(table, row, "candidate_samples_per_second") =
          outcome_text(measured.candidate.samples_per_second, measured.candidate.status);
    }
    if (measured.basis == harness::SpeedupBasis::kBestBaseline) {
      text_of(table, row, "speedup") += "†";
    }
    if (info.published) add_published(row, headline.rows[i].published);
  }
  if (info.published) {
    table.columns.insert(table.columns.end(),
                         {"published_baseline_samples_per_second",
                          "published_candidate_samples_per_second", "published_speedup"});
  }
  return table;
}

HtmlTable published_requirements(const harness::RunInfo& info,
                                 const harness::RunAnalysis& analysis) {
  std::vector<std::string> columns = analysis.axes;
  columns.insert(columns.end(), {"implementation", "memory_limit_bytes", "micro_batch",
                                 "published_flags", "planned_flags"});
  Table table(columns);
  for (const RequirementComparison& row : compare_requirements(info, analysis)) {
    std::vector<std::string> fields = row.axes;
    fields.insert(fields.end(), {row.implementation, csv_count(row.memory_limit_bytes),
                                 range_text(row.from, row.to), row.published,
                                 fmt::format("{}", fmt::join(row.planned, "; "))});
    table.add_row(fields);
  }
  return html_table("Flags, published and planned", "", table);
}

HtmlTable whole_table(const RunTable& table, const CellNumbers& numbers) {
  HtmlTable result =
      html_table(fmt::format("{} ({})", table.title, table.file), table.file, table.table);
  const std::vector<std::optional<std::size_t>> cells = numbers.of_rows(table.table);
  for (std::size_t i = 0; i < cells.size(); ++i) result.rows[i].cell = cells[i];
  return result;
}

}  // namespace reports
