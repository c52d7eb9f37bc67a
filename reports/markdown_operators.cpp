#include "reports/markdown_operators.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/markdown_table.h"
#include "reports/words.h"

namespace reports {

using Align = MarkdownTable::Align;
using harness::OperatorRow;
using harness::TracedCell;

static constexpr std::size_t kOperatorsShown = 20;
static constexpr std::size_t kCellsShown = 24;

static constexpr const char* kIntroduction =
    "One more step of each cell that passed, recorded operator by operator in a process of its "
    "own; it enters no other number, and its time holds the cost of recording. ms is an operator's "
    "own time, without the operators that it calls. FLOPs are those of matrix products; bytes "
    "those "
    "of the tensors read and written, each once a call, so an operator whose tensors stay in the "
    "caches can exceed a copy. Peaks were measured after the step, with the same threads: "
    "multiply-adds in registers, and a copy larger than the caches. Every operator is in "
    "`operators.csv`.\n\n";

static constexpr const char* kOfGraphs =
    "**The cells play their passes from a CUDA graph, the traced step does not**: it queues the "
    "same "
    "kernels one by one, so that they find the operators that they belong to. Of `(device idle)` "
    "and "
    "of the step it says nothing about what was measured.\n\n";

static constexpr const char* kOfCuda =
    "On CUDA the step is the device's, from the first thing it does to the last; ms is its time "
    "for the kernels, copies and fills that an operator launched, divided equally where several "
    "ran at once; `(device idle)` is the time in which none ran. Peaks in bf16 and fp16 are those "
    "of matrix products.\n\n";

static bool on_cuda(const TracedCell& cell) {
  return cell.cell.device.kind == "cuda";
}

static bool plays_graph(const TracedCell& cell) {
  return cell.cell.measure.cuda_graph;
}

static std::string percent_text(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f}", 100 * *share) : "";
}

static std::string giga_text(int64_t flops) {
  return flops == 0 ? "" : fmt::format("{:.3f}", static_cast<double>(flops) * 1e-9);
}

static std::string milliseconds_text(double seconds) {
  return fmt::format("{:.2f}", seconds * 1e3);
}

static std::string cell_heading(const TracedCell& cell, const std::vector<std::string>& axes) {
  const std::string values = axes_text(axes, cell.axes);
  return fmt::format("{}{}{}, flags {}, micro-batch {}", values, values.empty() ? "" : ", ",
                     cell.cell.implementation, cell.cell.flags_text(), cell.cell.micro_batch);
}

static std::string step_line(const TracedCell& cell) {
  std::string peaks =
      fmt::format("{:.1f} GFLOP/s in fp32", cell.peaks.fp32_flops_per_second * 1e-9);
  if (cell.peaks.bf16_flops_per_second) {
    peaks += fmt::format(", {:.1f} in bf16", *cell.peaks.bf16_flops_per_second * 1e-9);
  }
  if (cell.peaks.fp16_flops_per_second) {
    peaks += fmt::format(", {:.1f} in fp16", *cell.peaks.fp16_flops_per_second * 1e-9);
  }
  const std::string where =
      on_cuda(cell) ? " of the device"
                    : fmt::format(", {} thread{}", cell.threads, cell.threads == 1 ? "" : "s");
  return fmt::format("Step {} ms{}. Peaks: {}, copy {:.1f} GB/s. Trace: `{}`.\n\n",
                     milliseconds_text(cell.step_seconds), where, peaks,
                     cell.peaks.copy_bytes_per_second * 1e-9, cell.file);
}

static std::vector<std::string> table_row(const OperatorRow& row) {
  const harness::OperatorTime& time = row.time;
  return {time.name,
          time.phase,
          time.precision,
          std::to_string(time.calls),
          milliseconds_text(time.self_seconds),
          percent_text(row.step_share),
          giga_text(time.flops),
          percent_text(row.peak_share),
          time.bytes == 0 ? "" : mib_text(time.bytes),
          percent_text(row.copy_share)};
}

static std::string operator_table(const TracedCell& cell) {
  MarkdownTable table({{"operator", Align::kLeft},
                       {"phase", Align::kLeft},
                       {"precision", Align::kLeft},
                       {"calls"},
                       {"ms"},
                       {"% of step"},
                       {"GFLOP"},
                       {"% of peak"},
                       {"MiB"},
                       {"% of copy"}});
  const std::size_t shown = std::min(kOperatorsShown, cell.rows.size());
  for (std::size_t i = 0; i < shown; ++i) table.add_row(table_row(cell.rows[i]));
  if (shown < cell.rows.size()) {
    OperatorRow rest;
    rest.time.name = fmt::format("{} others", cell.rows.size() - shown);
    for (std::size_t i = shown; i < cell.rows.size(); ++i) {
      rest.time.calls += cell.rows[i].time.calls;
      rest.time.self_seconds += cell.rows[i].time.self_seconds;
      rest.time.flops += cell.rows[i].time.flops;
      rest.time.bytes += cell.rows[i].time.bytes;
      rest.step_share += cell.rows[i].step_share;
    }
    table.add_row(table_row(rest));
  }
  return table.text();
}

std::string operator_section(const std::vector<TracedCell>& cells,
                             const std::vector<std::string>& axes) {
  if (cells.empty()) return "";
  std::string text = std::string("## Operators by time\n\n") + kIntroduction;
  if (std::any_of(cells.begin(), cells.end(), on_cuda)) text += kOfCuda;
  if (std::any_of(cells.begin(), cells.end(), plays_graph)) text += kOfGraphs;
  std::size_t tables = 0;
  for (const TracedCell& cell : cells) {
    const std::string heading = markdown_text(cell_heading(cell, axes));
    if (!cell.failure.empty()) {
      text += fmt::format("**No trace of {}: {}.**\n\n", heading, markdown_text(cell.failure));
    } else if (++tables <= kCellsShown) {
      text += fmt::format("### {}\n\n{}{}", heading, step_line(cell), operator_table(cell));
    }
  }
  if (tables > kCellsShown) {
    text += fmt::format("{} more cells are in `operators.csv`.\n\n", tables - kCellsShown);
  }
  return text;
}

}  // namespace reports
