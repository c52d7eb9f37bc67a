#include "reports/flag_costs_table.h"

#include "reports/csv_writer.h"

namespace reports {

Table flag_costs_table(const harness::RunAnalysis& analysis) {
  std::vector<std::string> header = analysis.axes;
  header.insert(
      header.end(),
      {"implementation", "memory_limit_bytes", "flags", "micro_batch", "time_cost_percent",
       "freed_bytes", "largest_micro_batch_before", "largest_micro_batch_after",
       "net_throughput_percent", "net_micro_batch_before", "net_micro_batch_after",
       "peak_phase_before", "peak_phase_after", "freed_saved_activations_bytes"});
  Table table(header);
  for (const harness::FlagCost& row : analysis.costs) {
    const harness::FlagMemory memory = row.memory.value_or(harness::FlagMemory{});
    const harness::NetThroughput net = row.net_throughput.value_or(harness::NetThroughput{});
    const bool has_net = row.net_throughput.has_value();
    std::vector<std::string> fields = row.axes;
    fields.insert(
        fields.end(),
        {row.implementation, csv_count(row.memory_limit_bytes), row.flags,
         csv_count(row.micro_batch), csv_number(row.time_cost_percent),
         row.memory ? csv_count(memory.freed_bytes) : "", csv_count(row.largest_micro_batch_before),
         csv_count(row.largest_micro_batch_after), has_net ? csv_number(net.percent) : "",
         has_net ? csv_count(net.micro_batch_before) : "",
         has_net ? csv_count(net.micro_batch_after) : "", memory.phase_before, memory.phase_after,
         csv_count(memory.freed_saved_activations_bytes)});
    table.add_row(fields);
  }
  return table;
}

}  // namespace reports
