#include "harness/analysis/operator_time.h"

#include <algorithm>

#include "harness/analysis/cell_summary.h"

namespace harness {

std::optional<double> peak_of(const MachinePeaks& peaks, const std::string& precision) {
  if (precision == "fp32") return peaks.fp32_flops_per_second;
  if (precision == "bf16") return peaks.bf16_flops_per_second.value_or(peaks.fp32_flops_per_second);
  if (precision == "fp16") return peaks.fp16_flops_per_second;
  return std::nullopt;
}

static OperatorRow make_row(const StepTrace& step, const OperatorTime& time) {
  OperatorRow row;
  row.time = time;
  row.step_share = time.self_seconds / step.step_seconds;
  if (time.self_seconds <= 0) return row;
  const std::optional<double> peak = peak_of(step.peaks, time.precision);
  if (time.flops > 0 && peak) {
    row.peak_share = static_cast<double>(time.flops) / time.self_seconds / *peak;
  }
  if (time.bytes > 0) {
    row.copy_share =
        static_cast<double>(time.bytes) / time.self_seconds / step.peaks.copy_bytes_per_second;
  }
  return row;
}

std::vector<TracedCell> rank_operators(const RunInfo& info) {
  const std::vector<std::string> axes = group_axes(info);
  std::vector<TracedCell> cells;
  for (const CellTrace& trace : info.traces) {
    TracedCell& cell = cells.emplace_back();
    cell.axes = axis_values(trace.cell, axes);
    cell.cell = trace.cell;
    cell.file = trace.file;
    cell.failure = trace.failure;
    if (!trace.step) continue;
    cell.step_seconds = trace.step->step_seconds;
    cell.threads = trace.step->threads;
    cell.peaks = trace.step->peaks;
    for (const OperatorTime& time : trace.step->operators) {
      cell.rows.push_back(make_row(*trace.step, time));
    }
    std::stable_sort(cell.rows.begin(), cell.rows.end(), [](const auto& a, const auto& b) {
      return a.time.self_seconds > b.time.self_seconds;
    });
  }
  return cells;
}

}  // namespace harness
