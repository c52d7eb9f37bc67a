#include "harness/cli/progress_text.h"

#include <cmath>

#include <fmt/format.h>

#include "harness/analysis/cell_label.h"
#include "harness/analysis/status_count.h"
#include "harness/analysis/throughput.h"
#include "harness/count_text.h"
#include "harness/mib_text.h"

namespace harness {
namespace {

std::string position(const ProgressState& state) {
  return fmt::format("[{}/{}]", state.launch, state.launches);
}

std::string round_text(const Cell& cell, int64_t round) {
  return fmt::format("round {}/{}", round + 1, cell.measure.rounds);
}

std::string time_column(const ProgressState& state) {
  const auto text = time_left_text(state.seconds_left);
  return text.empty() ? "" : "  " + text;
}

}  // namespace

std::string outcome_text(const Record& record) {
  if (record.status != Status::kPassed) {
    return fmt::format("{}: {}", to_string(record.status), record.reason);
  }
  std::string text;
  if (record.memory.measured) text = mib_text(record.memory.measured->peak_bytes) + "  ";
  const double seconds = round_time(record).seconds_per_sequence;
  return text + fmt::format("{:.3g} samples/s", 1 / seconds);
}

std::string running_text(const ProgressState& state, const Cell& cell, int64_t round,
                         const std::vector<std::string>& axes) {
  return fmt::format("{} {}  {}{}", position(state), cell_label(cell, axes),
                     round_text(cell, round), time_column(state));
}

std::string finished_text(const ProgressState& state, const Record& record,
                          const std::vector<std::string>& axes) {
  return fmt::format("{} {}  {}  {}{}", position(state), cell_label(record.cell, axes),
                     round_text(record.cell, record.round), outcome_text(record),
                     time_column(state));
}

std::string traced_text(const CellTrace& trace, const std::vector<std::string>& axes) {
  return fmt::format("trace of {}: {}", cell_label(trace.cell, axes),
                     trace.step ? trace.file : "failed: " + trace.failure);
}

std::string clock_text(double seconds) {
  const auto total = static_cast<int64_t>(std::ceil(seconds));
  const auto hours = total / 3600;
  const auto minutes = total / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, total % 60);
  return fmt::format("{}:{:02}", minutes, total % 60);
}

std::string time_left_text(std::optional<double> seconds) {
  return seconds ? clock_text(*seconds) + " left" : "";
}

std::string shorten(const std::string& text, std::size_t columns) {
  if (text.size() <= columns) return text;
  const auto last = text.rfind("  ");
  const auto tail = last == text.npos ? "" : text.substr(last);
  if (tail.size() >= columns) return text.substr(0, columns);
  return text.substr(0, columns - tail.size()) + tail;
}

std::string summary_text(const std::vector<Record>& records) {
  auto text = count_text(records.size(), "record");
  const char* separator = " (";
  for (const auto& count : count_statuses(records)) {
    text += fmt::format("{}{} {}", separator, count.records, to_string(count.status));
    separator = ", ";
  }
  return records.empty() ? text : text + ")";
}

}  // namespace harness
