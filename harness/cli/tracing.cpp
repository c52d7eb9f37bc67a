#include "harness/cli/tracing.h"

#include <set>
#include <string>

#include "harness/launch/tracer.h"
#include "harness/store/trace_file.h"

namespace harness {
namespace {

/// Cells of which each record passed, by the first record of each.
std::vector<Cell> passed_cells(const std::vector<Record>& records) {
  std::set<std::string> failed;
  for (const auto& record : records) {
    if (record.status != Status::kPassed) failed.insert(cell_key(record.cell));
  }
  std::vector<Cell> cells;
  std::set<std::string> seen;
  for (const auto& record : records) {
    const auto key = cell_key(record.cell);
    if (!failed.contains(key) && seen.insert(key).second) cells.push_back(record.cell);
  }
  return cells;
}

}  // namespace

void trace_cells(const std::vector<Record>& records, const WorkerAccess& worker,
                 const std::filesystem::path& run_directory, const TraceSink& sink,
                 const std::vector<CellTrace>& traced) {
  const auto cells = passed_cells(records);
  if (!cells.empty()) create_trace_folder(run_directory);
  std::set<std::string> done;
  for (const auto& trace : traced) done.insert(cell_key(trace.cell));
  for (const auto& cell : cells) {
    if (done.contains(cell_key(cell))) continue;
    sink(trace(cell, run_directory, trace_file(cell), worker));
  }
}

}  // namespace harness
