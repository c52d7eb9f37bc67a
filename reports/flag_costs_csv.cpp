#include "reports/flag_costs_csv.h"

#include "reports/csv_writer.h"

namespace reports {

std::string flag_costs_csv(const harness::RunAnalysis& analysis) {
  std::vector<std::string> header = analysis.axes;
  header.insert(header.end(), {"implementation", "memory_limit_bytes", "flags", "micro_batch",
                               "time_cost_percent", "freed_bytes", "largest_micro_batch_before",
                               "largest_micro_batch_after", "net_throughput_percent"});
  CsvWriter csv(header);
  for (const harness::FlagCost& row : analysis.costs) {
    std::vector<std::string> fields = row.axes;
    fields.insert(
        fields.end(),
        {row.implementation, csv_count(row.memory_limit_bytes), row.flags,
         csv_count(row.micro_batch), csv_number(row.time_cost_percent), csv_count(row.freed_bytes),
         csv_count(row.largest_micro_batch_before), csv_count(row.largest_micro_batch_after),
         csv_number(row.net_throughput_percent)});
    csv.add_row(fields);
  }
  return csv.text();
}

}  // namespace reports
