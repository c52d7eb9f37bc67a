#include "reports/operators_table.h"

#include "reports/csv_writer.h"

namespace reports {

using harness::OperatorRow;
using harness::TracedCell;

static constexpr std::size_t kOperatorFields = 10;

static std::vector<std::string> cell_fields(const TracedCell& cell) {
  std::vector<std::string> fields = cell.axes;
  fields.insert(fields.end(), {cell.cell.implementation, cell.cell.flags_text(),
                               csv_count(cell.cell.micro_batch), cell.file, cell.failure});
  return fields;
}

static std::vector<std::string> operator_fields(const OperatorRow& row) {
  return {row.time.name,
          row.time.phase,
          row.time.precision,
          csv_count(row.time.calls),
          csv_number(row.time.self_seconds),
          csv_number(row.step_share),
          csv_count(row.time.flops),
          csv_number(row.peak_share),
          csv_count(row.time.bytes),
          csv_number(row.copy_share)};
}

Table operators_table(const std::vector<TracedCell>& cells, const std::vector<std::string>& axes) {
  std::vector<std::string> header = axes;
  header.insert(header.end(), {"implementation", "flags", "micro_batch", "trace", "failure"});
  header.insert(header.end(), {"operator", "phase", "operator_precision", "calls", "self_seconds",
                               "step_share", "flops", "peak_share", "bytes", "copy_share"});
  Table table(header);
  const auto add = [&](const TracedCell& cell, const std::vector<std::string>& own) {
    std::vector<std::string> fields = cell_fields(cell);
    fields.insert(fields.end(), own.begin(), own.end());
    table.add_row(fields);
  };
  for (const TracedCell& cell : cells) {
    if (!cell.failure.empty()) add(cell, std::vector<std::string>(kOperatorFields));
    for (const OperatorRow& row : cell.rows) add(cell, operator_fields(row));
  }
  return table;
}

}  // namespace reports
