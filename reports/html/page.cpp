#include "reports/html/page.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include "harness/analysis/operator_time.h"
#include "reports/cautions.h"
#include "reports/headline.h"
#include "reports/html/assets.h"
#include "reports/html/bar_plots.h"
#include "reports/html/cell_numbers.h"
#include "reports/html/cell_series.h"
#include "reports/html/page_sections.h"
#include "reports/html/record_details.h"
#include "reports/html/result_tables.h"
#include "reports/html/script_json.h"
#include "reports/left_out.h"
#include "reports/run_facts.h"

namespace reports {

namespace mustache = kainjow::mustache;
using harness::Record;
using harness::RunAnalysis;
using harness::RunInfo;
using mustache::data;

/// `{{name}}`, and as a section where there is a text.
static void set_text(data& page, const std::string& name, const std::string& text) {
  if (!text.empty()) page.set(name, text);
}

static void set_assets(data& page) {
  const std::pair<const char*, std::string_view> named[] = {
      {"css", assets::kPageCss},
      {"theme_js", assets::kThemeJs},
      {"tables_js", assets::kTablesJs},
      {"plots_js", assets::kPlotsJs},
      {"cell_plots_js", assets::kCellPlotsJs},
      {"bar_plots_js", assets::kBarPlotsJs},
      {"drift_plot_js", assets::kDriftPlotJs},
      {"records_js", assets::kRecordsJs},
      {"chart_licence", assets::kChartLicenceTxt},
      {"chart_js", assets::kChartMinJs},
  };
  for (const auto& [name, text] : named) page.set(name, std::string(text));
}

/// Whether any cell of the run has what `value` takes from it.
template <typename Value>
static bool any_cell(const RunAnalysis& analysis, Value&& value) {
  return std::any_of(analysis.groups.begin(), analysis.groups.end(), [&](const auto& group) {
    return std::any_of(group.cells.begin(), group.cells.end(),
                       [&](const auto& cell) { return value(cell).has_value(); });
  });
}

/// The plots' data, and a section for each plot that has something to show.
static void set_plots(data& page, const RunInfo& info, const RunAnalysis& analysis) {
  const auto operators = operator_bars(harness::rank_operators(info), analysis.axes);
  const auto ladder = flag_ladder(analysis);
  const bool any_rate =
      any_cell(analysis, [](const auto& cell) { return cell.samples_per_second; });
  page.set("rates", any_rate);
  page.set("peaks", any_cell(analysis, [](const auto& cell) { return cell.peak_bytes(); }));
  page.set("ladder", !ladder.empty());
  page.set("operators", !operators.at("bars").empty());
  page.set("plots_json", script_json({{"cells", cell_series(info, analysis)},
                                      {"ladder", ladder},
                                      {"operators", operators}}));
}

std::string html_report(const RunInfo& info, const std::vector<Record>& records,
                        const RunAnalysis& analysis, const std::vector<RunTable>& tables) {
  const CellNumbers numbers(analysis);
  data page;
  set_assets(page);
  page.set("name", info.name);
  page.set("device", device_text(info, analysis));
  if (!info.device.available) page.set("absent", absent_device_text(info.device));
  if (!info.plans.empty()) page.set("setup", setup_text(info.plans));
  page.set("facts", fact_list(info, analysis));
  page.set("cautions", text_list(cautions(analysis)));
  set_text(page, "missing_baseline", missing_baseline_text(info, analysis));
  page.set("speedups", speedup_tables(info, analysis, numbers));
  page.set("other_work", any_other_work(headline_tables(info, analysis)));
  const std::vector<std::string> left_out = left_out_lines(analysis);
  page.set("any_left_out", !left_out.empty());
  page.set("left_out", text_list(left_out));
  if (info.published) page.set("published", info.published->source);
  set_text(page, "requirements_published", table_element(published_requirements(info, analysis)));
  page.set("costs", cost_sentences(analysis));
  set_text(page, "projections", table_element(projection_table(info, analysis)));
  for (const RunTable& table : tables) {
    const std::string stem = table.file.substr(0, table.file.find('.'));
    set_text(page, "table_" + stem, table_element(whole_table(table, numbers)));
  }
  set_text(page, "statuses", table_element(status_table(analysis)));
  set_text(page, "environment", table_element(environment_table(records)));
  set_plots(page, info, analysis);
  page.set("records_json", record_details(records, analysis, numbers));

  mustache::mustache view{std::string(assets::kPageMustache)};
  std::string html = view.render(page);
  if (!view.is_valid()) throw std::logic_error("page.mustache: " + view.error_message());
  return html;
}

}  // namespace reports
