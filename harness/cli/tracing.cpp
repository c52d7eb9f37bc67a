#include "harness/cli/tracing.h"

#include <algorithm>

#include "harness/launch/tracer.h"
#include "harness/store/trace_file.h"

namespace harness {
namespace {

std::vector<Cell> passed_cells(const std::vector<Record>& records) {
  std::vector<Cell> cells;
  for (const auto& record : records) {
    const bool passed = std::all_of(records.begin(), records.end(), [&](const Record& other) {
      return other.cell != record.cell || other.status == Status::kPassed;
    });
    if (passed && std::find(cells.begin(), cells.end(), record.cell) == cells.end()) {
      cells.push_back(record.cell);
    }
  }
  return cells;
}

}  // namespace

void trace_cells(const std::vector<Record>& records, const WorkerAccess& worker,
                 const std::filesystem::path& run_directory, const TraceSink& sink) {
  const auto cells = passed_cells(records);
  if (!cells.empty()) create_trace_folder(run_directory);
  for (const auto& cell : cells) sink(trace(cell, run_directory, trace_file(cell), worker));
}

}  // namespace harness
