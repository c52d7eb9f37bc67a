#include "reports/flag_requirements_table.h"

#include "reports/csv_writer.h"

namespace reports {

Table flag_requirements_table(const harness::RunAnalysis& analysis) {
  std::vector<std::string> header = analysis.axes;
  header.insert(header.end(), {"implementation", "memory_limit_bytes", "micro_batch_from",
                               "micro_batch_to", "flags", "peak_bytes", "source"});
  Table table(header);
  for (const harness::FlagRequirement& row : analysis.requirements) {
    std::vector<std::string> fields = row.axes;
    fields.insert(fields.end(), {row.implementation, csv_count(row.memory_limit_bytes),
                                 csv_count(row.micro_batch_from), csv_count(row.micro_batch_to),
                                 row.out_of_memory() ? "out_of_memory" : row.flags,
                                 csv_count(row.peak_bytes), row.measured ? "measured" : "planned"});
    table.add_row(fields);
  }
  return table;
}

}  // namespace reports
