#pragma once

#include <string>
#include <vector>

#include <kainjow/mustache.hpp>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"
#include "reports/html/cell_numbers.h"
#include "reports/html/html_table.h"

namespace reports {

/// Values of page.mustache: lists of objects, or false where there is nothing to list.

/// `{{#items}}{{text}}`.
kainjow::mustache::data text_list(const std::vector<std::string>& texts);
/// What the page says first: `term`, `value`, `note` of the largest × of candidates that are no
/// reference, the highest rate, the records.
kainjow::mustache::data fact_list(const harness::RunInfo& info,
                                  const harness::RunAnalysis& analysis);
/// `table`, an element for every group of headline_tables().
kainjow::mustache::data speedup_tables(const harness::RunInfo& info,
                                       const harness::RunAnalysis& analysis,
                                       const CellNumbers& numbers);
/// flag_cost_sentence() of every headline cost.
kainjow::mustache::data cost_sentences(const harness::RunAnalysis& analysis);

HtmlTable projection_table(const harness::RunInfo& info, const harness::RunAnalysis& analysis);
HtmlTable status_table(const harness::RunAnalysis& analysis);
HtmlTable environment_table(const std::vector<harness::Record>& records);

}  // namespace reports
