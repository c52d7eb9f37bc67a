#include "reports/memory_table.h"

#include "reports/csv_writer.h"

namespace reports {

using harness::BytesByCategory;
using harness::CellSummary;
using harness::MemoryFootprint;

static std::string reserved_bytes(const std::optional<MemoryFootprint>& footprint) {
  return footprint && footprint->reserved_bytes ? csv_count(*footprint->reserved_bytes) : "";
}

static std::string percent(const std::optional<double>& part) {
  return part ? csv_number(100 * *part) : "";
}

static std::vector<std::string> memory_fields(const CellSummary& cell) {
  const std::optional<harness::PlanError> error = cell.plan_error();
  const std::optional<MemoryFootprint>& shown = cell.measured ? cell.measured : cell.planned;
  std::vector<std::string> fields = {
      cell.cell.implementation,
      cell.cell.flags_text(),
      csv_count(cell.cell.micro_batch),
      cell.planned ? csv_count(cell.planned->peak_bytes) : "",
      cell.measured ? csv_count(cell.measured->peak_bytes) : "",
      cell.measured ? csv_count(cell.measured->library_scratch_bytes) : "",
      reserved_bytes(cell.planned),
      reserved_bytes(cell.measured),
      error ? percent(error->peak) : "",
      error ? percent(error->reserved) : ""};
  if (shown) {
    const BytesByCategory& bytes = shown->at_peak;
    fields.insert(
        fields.end(),
        {csv_count(bytes.weights), csv_count(bytes.gradients), csv_count(bytes.optimizer_state),
         csv_count(bytes.saved_activations), csv_count(bytes.workspace), csv_count(bytes.other)});
  } else {
    fields.resize(fields.size() + 6);
  }
  fields.push_back(csv_status(cell.status));
  return fields;
}

Table memory_table(const harness::RunAnalysis& analysis) {
  std::vector<std::string> header = analysis.axes;
  header.insert(header.end(),
                {"implementation", "flags", "micro_batch", "planned_peak_bytes",
                 "measured_peak_bytes", "library_scratch_bytes", "planned_reserved_bytes",
                 "measured_reserved_bytes", "peak_error_percent", "reserved_error_percent",
                 "weights_bytes", "gradients_bytes", "optimizer_state_bytes",
                 "saved_activations_bytes", "workspace_bytes", "other_bytes", "status"});
  Table table(header);
  for (const harness::CellGroup& group : analysis.groups) {
    for (const CellSummary& cell : group.cells) {
      std::vector<std::string> fields = group.axes;
      const std::vector<std::string> own = memory_fields(cell);
      fields.insert(fields.end(), own.begin(), own.end());
      table.add_row(fields);
    }
  }
  return table;
}

}  // namespace reports
