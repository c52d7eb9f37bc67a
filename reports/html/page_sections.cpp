#include "reports/html/page_sections.h"

#include <fmt/format.h>

#include "harness/count_text.h"
#include "reports/csv_writer.h"
#include "reports/flag_cost_text.h"
#include "reports/headline.h"
#include "reports/headline_projections.h"
#include "reports/html/result_tables.h"
#include "reports/run_facts.h"
#include "reports/words.h"

namespace reports {

using harness::RunAnalysis;
using harness::RunInfo;
using kainjow::mustache::data;

static constexpr std::size_t kReasonsShown = 10;

static data list_data() {
  return data(data::type::list);
}

data text_list(const std::vector<std::string>& texts) {
  data list = list_data();
  for (const std::string& text : texts) list.push_back(data("text", text));
  return list;
}

static data fact(const std::string& term, const std::string& value, const std::string& note) {
  data result("term", term);
  result.set("value", value);
  result.set("note", note);
  return result;
}

/// The largest × among headline rows that compute what the baseline does, or null.
static const harness::SpeedupRow* largest_speedup(const std::vector<HeadlineTable>& tables) {
  const harness::SpeedupRow* largest = nullptr;
  for (const HeadlineTable& table : tables) {
    for (const HeadlineRow& row : table.rows) {
      const harness::SpeedupRow& measured = row.measured;
      const bool counts = measured.speedup && measured.candidate.work.empty() &&
                          !harness::is_reference(measured.candidate.implementation) &&
                          measured.basis == harness::SpeedupBasis::kSameMicroBatch;
      if (counts && (largest == nullptr || *measured.speedup > *largest->speedup)) {
        largest = &measured;
      }
    }
  }
  return largest;
}

/// The cell with the highest rate and its group, or null.
static std::pair<const harness::CellGroup*, const harness::CellSummary*> fastest_cell(
    const RunAnalysis& analysis) {
  std::pair<const harness::CellGroup*, const harness::CellSummary*> fastest = {nullptr, nullptr};
  for (const harness::CellGroup& group : analysis.groups) {
    for (const harness::CellSummary& cell : group.cells) {
      if (!cell.samples_per_second) continue;
      if (fastest.second == nullptr ||
          *cell.samples_per_second > *fastest.second->samples_per_second) {
        fastest = {&group, &cell};
      }
    }
  }
  return fastest;
}

data fact_list(const RunInfo& info, const RunAnalysis& analysis) {
  data facts = list_data();
  const std::vector<HeadlineTable> tables = headline_tables(info, analysis);
  if (const harness::SpeedupRow* row = largest_speedup(tables)) {
    const std::string interval = interval_text(row->interval, "–");
    facts.push_back(
        fact("Largest speedup", ratio_text(row->speedup) + "×",
             fmt::format("{}, flags {}, over {} at micro-batch {}{}{}",
                         subject_text(analysis.axes, row->axes, row->candidate.implementation),
                         row->candidate.flags, row->baseline.implementation, row->micro_batch,
                         interval.empty() ? "" : "; 95 % interval ", interval)));
  }
  if (const auto [group, cell] = fastest_cell(analysis); cell != nullptr) {
    facts.push_back(
        fact("Highest samples/s", rate_text(cell->samples_per_second),
             fmt::format("{}, flags {}, micro-batch {}",
                         subject_text(analysis.axes, group->axes,
                                      implementation_text(cell->cell.implementation, cell->work)),
                         cell->cell.flags_text(), cell->cell.micro_batch)));
  }
  int64_t records = 0;
  std::string by_status;
  for (const harness::StatusCount& count : analysis.statuses) {
    records += count.records;
    by_status += fmt::format("{}{} {}", by_status.empty() ? "" : ", ", count.records,
                             status_text(count.status));
  }
  facts.push_back(fact("Records", std::to_string(records),
                       by_status.empty() ? "nothing was measured" : by_status));
  return facts;
}

data speedup_tables(const RunInfo& info, const RunAnalysis& analysis, const CellNumbers& numbers) {
  data list = list_data();
  for (const HeadlineTable& headline : headline_tables(info, analysis)) {
    list.push_back(
        data("table", table_element(headline_speedups(info, analysis, headline, numbers))));
  }
  return list;
}

data cost_sentences(const RunAnalysis& analysis) {
  std::vector<std::string> sentences;
  for (const harness::FlagCost& cost : headline_costs(analysis)) {
    sentences.push_back(fmt::format("{}, micro-batch {}: {}",
                                    subject_text(analysis.axes, cost.axes, cost.implementation),
                                    cost.micro_batch, flag_cost_sentence(cost)));
  }
  return text_list(sentences);
}

HtmlTable projection_table(const RunInfo& info, const RunAnalysis& analysis) {
  std::vector<std::string> columns = analysis.axes;
  columns.insert(columns.end(), {"implementation", "flags", "micro_batch",
                                 "measured_samples_per_second", "projected_time", "of"});
  HtmlTable table{"Projected fine-tuning on SQuAD", "", columns, {}};
  for (const harness::Projection& row : headline_projections(info, analysis)) {
    HtmlTable::Row& shown = table.rows.emplace_back();
    shown.fields = row.axes;
    shown.fields.insert(
        shown.fields.end(),
        {implementation_text(row.implementation, row.work), row.flags, csv_count(row.micro_batch),
         csv_number(row.samples_per_second), csv_number(row.seconds), row.difference});
    shown.texts = shown.fields;
    shown.texts[shown.texts.size() - 3] = rate_text(row.samples_per_second);
    shown.texts[shown.texts.size() - 2] = duration_text(row.seconds);
    if (row.difference.empty()) shown.texts.back() = "the whole model";
  }
  return table;
}

HtmlTable status_table(const RunAnalysis& analysis) {
  Table table({"status", "records", "reason"});
  for (const harness::StatusCount& count : analysis.statuses) {
    const std::string status(to_string(count.status));
    if (count.reasons.empty()) table.add_row({status, std::to_string(count.records), ""});
    std::size_t shown = 0;
    for (const harness::ReasonCount& reason : count.reasons) {
      if (++shown > kReasonsShown) break;
      table.add_row({status, std::to_string(reason.records), one_line(reason.reason)});
    }
    if (count.reasons.size() > kReasonsShown) {
      table.add_row(
          {status, "", harness::count_text(count.reasons.size() - kReasonsShown, "other reason")});
    }
  }
  return html_table("Records by status", "", table);
}

HtmlTable environment_table(const std::vector<harness::Record>& records) {
  Table table({"environment", "value"});
  for (const EnvironmentValue& value : environment_values(records)) {
    table.add_row({value.name, value.text});
  }
  return html_table("Environment", "", table);
}

}  // namespace reports
