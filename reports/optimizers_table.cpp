#include "reports/optimizers_table.h"

#include "reports/csv_writer.h"

namespace reports {

static std::vector<std::string> side_fields(const harness::OptimizerSide& side) {
  return {side.optimizer, csv_status(side.status), csv_number(side.samples_per_second),
          csv_count(side.peak_bytes),
          side.peak_bytes ? side.peak_is_planned ? "planned" : "measured" : ""};
}

Table optimizers_table(const harness::RunAnalysis& analysis) {
  std::vector<std::string> header = analysis.optimizer_axes;
  header.insert(header.end(), {"implementation", "flags", "micro_batch"});
  for (const std::string side : {"reference", "candidate"}) {
    header.insert(header.end(),
                  {side + "_optimizer", side + "_status", side + "_samples_per_second",
                   side + "_peak_bytes", side + "_peak_source"});
  }
  header.insert(header.end(), {"speedup", "speedup_low", "speedup_high"});
  Table table(header);
  for (const harness::OptimizerEffect& row : analysis.optimizers) {
    std::vector<std::string> fields = row.axes;
    fields.insert(fields.end(), {row.implementation, row.flags, csv_count(row.micro_batch)});
    for (const harness::OptimizerSide* side : {&row.reference, &row.candidate}) {
      const std::vector<std::string> more = side_fields(*side);
      fields.insert(fields.end(), more.begin(), more.end());
    }
    fields.insert(fields.end(),
                  {csv_number(row.speedup), row.interval ? csv_number(row.interval->low) : "",
                   row.interval ? csv_number(row.interval->high) : ""});
    table.add_row(fields);
  }
  return table;
}

}  // namespace reports
