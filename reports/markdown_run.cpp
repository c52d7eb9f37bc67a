#include "reports/markdown_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/count_text.h"
#include "reports/markdown_table.h"
#include "reports/run_facts.h"
#include "reports/words.h"

namespace reports {

using Align = MarkdownTable::Align;
using harness::CellSummary;
using harness::count_text;

static constexpr std::size_t kReasonsShown = 10;
static constexpr std::size_t kMemoryRowsShown = 200;

std::string heading_section(const harness::RunInfo& info, const harness::RunAnalysis& analysis) {
  std::string text = "# " + markdown_text(info.name) + "\n\n";
  text += markdown_text(device_text(info, analysis)) + "\n\n";
  if (!info.device.available) {
    text += fmt::format("**{}** Memory is planned, times are empty.\n\n",
                        markdown_text(absent_device_text(info.device)));
  }
  if (!info.plans.empty()) text += markdown_text(setup_text(info.plans)) + "\n\n";
  return text;
}

/// "exact", or by how much more was measured than planned.
static std::string difference_text(const std::optional<double>& error) {
  if (!error) return "";
  return *error == 0 ? "exact" : fmt::format("{:+.2f} %", 100 * *error);
}

static std::string reserved_mib(const std::optional<harness::MemoryFootprint>& footprint) {
  return footprint ? mib_text(footprint->reserved_bytes) : "";
}

/// Whether a plan says what the caching allocator takes from the device, as those for CUDA do.
static bool plans_reserved(const harness::RunAnalysis& analysis) {
  for (const harness::CellGroup& group : analysis.groups) {
    for (const CellSummary& cell : group.cells) {
      if (cell.planned && cell.planned->reserved_bytes) return true;
    }
  }
  return false;
}

static std::vector<std::string> memory_fields(const CellSummary& cell, bool with_reserved) {
  const std::optional<harness::PlanError> error = cell.plan_error();
  std::vector<std::string> fields = {
      cell.cell.implementation,
      cell.cell.flags_text(),
      std::to_string(cell.cell.micro_batch),
      cell.planned ? mib_text(cell.planned->peak_bytes) : "",
      cell.measured ? mib_text(cell.measured->peak_bytes) : "",
      cell.measured ? mib_text(cell.measured->library_scratch_bytes) : "",
      difference_text(error ? std::optional(error->peak) : std::nullopt)};
  if (with_reserved) {
    fields.insert(fields.end(), {reserved_mib(cell.planned), reserved_mib(cell.measured),
                                 difference_text(error ? error->reserved : std::nullopt)});
  }
  fields.push_back(status_text(cell.status));
  return fields;
}

std::string memory_section(const harness::RunAnalysis& analysis) {
  const bool with_reserved = plans_reserved(analysis);
  std::vector<MarkdownTable::Column> columns;
  for (const std::string& axis : analysis.axes)
    columns.push_back({markdown_text(axis), Align::kLeft});
  columns.insert(columns.end(), {{"implementation", Align::kLeft},
                                 {"flags", Align::kLeft},
                                 {"micro-batch"},
                                 {"planned MiB"},
                                 {"measured MiB"},
                                 {"library scratch MiB"},
                                 {"difference"}});
  if (with_reserved) {
    columns.insert(columns.end(),
                   {{"planned reserved MiB"}, {"measured reserved MiB"}, {"difference"}});
  }
  columns.push_back({"status", Align::kLeft});
  MarkdownTable table(columns);
  std::size_t rows = 0;
  for (const harness::CellGroup& group : analysis.groups) {
    for (const CellSummary& cell : group.cells) {
      if (++rows > kMemoryRowsShown) continue;
      std::vector<std::string> cells = group.axes;
      const std::vector<std::string> own = memory_fields(cell, with_reserved);
      cells.insert(cells.end(), own.begin(), own.end());
      table.add_row(cells);
    }
  }
  std::string text = "## Peak memory, planned and measured\n\n" + table.text();
  if (rows > kMemoryRowsShown) {
    text += fmt::format("{} more cells are in `memory.csv`.\n\n", rows - kMemoryRowsShown);
  }
  text +=
      "The difference is of the measured peak, without what libraries took for themselves, from "
      "the planned one. Bytes by category are in `memory.csv`.";
  if (with_reserved) {
    text += " Reserved is what the caching allocator held from the device, its peak as well.";
  }
  return text + "\n\n";
}

std::string status_section(const harness::RunAnalysis& analysis) {
  if (analysis.statuses.empty()) return "## Records\n\nNone.\n\n";
  MarkdownTable table({{"status", Align::kLeft}, {"records"}, {"reason", Align::kLeft}});
  for (const harness::StatusCount& count : analysis.statuses) {
    const std::string status(to_string(count.status));
    if (count.reasons.size() == 1) {
      table.add_row({status, std::to_string(count.records), count.reasons[0].reason});
      continue;
    }
    table.add_row({status, std::to_string(count.records), ""});
    const std::size_t shown = std::min(kReasonsShown, count.reasons.size());
    for (std::size_t i = 0; i < shown; ++i) {
      table.add_row({"", std::to_string(count.reasons[i].records), count.reasons[i].reason});
    }
    if (shown < count.reasons.size()) {
      table.add_row({"", "", count_text(count.reasons.size() - shown, "other reason")});
    }
  }
  return "## Records\n\nOnly passed records, of cells that passed as a whole, enter the tables "
         "above.\n\n" +
         table.text();
}

std::string environment_section(const std::vector<harness::Record>& records) {
  const std::vector<EnvironmentValue> values = environment_values(records);
  if (values.empty()) return "";
  MarkdownTable table({{"environment", Align::kLeft}, {"value", Align::kLeft}});
  for (const EnvironmentValue& value : values) table.add_row({value.name, value.text});
  return "## Environment\n\n" + table.text();
}

}  // namespace reports
