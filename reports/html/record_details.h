#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/record.h"
#include "reports/html/cell_numbers.h"

namespace reports {

/// Every record of the run as JSON for a <script> element, `{"cells", "records", "shared"}`:
///   cells    by CellNumbers: title, status, reason, planned (memory), rate (samples/s)
///   records  in the order of records.jsonl and with its keys, but that `cell`, `environment`,
///            `build`, `repro` and `checks` are places in `shared`; `number` is the cell's
///   shared   the values that many records have in common
std::string record_details(const std::vector<harness::Record>& records,
                           const harness::RunAnalysis& analysis, const CellNumbers& numbers);

}  // namespace reports
