#include "reports/html/record_details.h"

#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/html/script_json.h"
#include "reports/words.h"

namespace reports {
namespace {

using harness::CellSummary;
using harness::Record;
using nlohmann::json;

/// Texts of distinct JSON values, by the order in which they first came.
class SharedTexts {
 public:
  std::size_t place_of(const json& value) {
    const auto [entry, added] = places_.try_emplace(script_json(value), places_.size());
    if (added) append(entry->first);
    return entry->second;
  }
  std::string array() const { return "[" + texts_ + "]"; }

 private:
  void append(const std::string& text) {
    if (!texts_.empty()) texts_ += ',';
    texts_ += text;
  }

  std::unordered_map<std::string, std::size_t> places_;
  std::string texts_;
};

json cell_json(const std::vector<std::string>& axes, const harness::CellGroup& group,
               const CellSummary& cell) {
  json result = {
      {"title", fmt::format("{}, flags {}, micro-batch {}",
                            subject_text(axes, group.axes,
                                         implementation_text(cell.cell.implementation, cell.work)),
                            cell.cell.flags_text(), cell.cell.micro_batch)},
      {"status", status_text(cell.status)},
      {"reason", cell.reason.empty() ? cell.unsupported_reason : cell.reason},
      {"planned", nullptr},
      {"rate", nullptr}};
  if (cell.planned) result["planned"] = *cell.planned;
  if (cell.samples_per_second) result["rate"] = *cell.samples_per_second;
  return result;
}

}  // namespace

std::string record_details(const std::vector<Record>& records, const harness::RunAnalysis& analysis,
                           const CellNumbers& numbers) {
  std::string cells;
  for (const harness::CellGroup& group : analysis.groups) {
    for (const CellSummary& cell : group.cells) {
      cells += (cells.empty() ? "" : ",") + script_json(cell_json(analysis.axes, group, cell));
    }
  }
  // As text, one record at a time: the whole as one JSON value would take many times the memory.
  SharedTexts shared;
  std::string lines;
  for (const Record& record : records) {
    json details = record;
    for (const char* key : {"cell", "environment", "build", "repro", "checks"}) {
      details[key] = shared.place_of(details[key]);
    }
    details["number"] = numbers.of(record.cell);
    if (!lines.empty()) lines += ',';
    lines += script_json(details);
  }
  return fmt::format(R"({{"cells":[{}],"records":[{}],"shared":{}}})", cells, lines,
                     shared.array());
}

}  // namespace reports
