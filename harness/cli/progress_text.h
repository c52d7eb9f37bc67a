#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/protocol/record.h"
#include "harness/protocol/step_trace.h"

namespace harness {

/// Where a sweep stands, for one line of progress.
struct ProgressState {
  std::size_t launch = 0;  ///< 1 for the first
  std::size_t launches = 0;
  std::optional<double> seconds_left;
};

/// "1234 MiB  12.3 samples/s", or the status and its reason where the round did not pass.
std::string outcome_text(const Record& record);

/// "[12/96] <cell_label()>  round 2/6  3:12 left": a launch that runs now.
std::string running_text(const ProgressState& state, const Cell& cell, int64_t round,
                         const std::vector<std::string>& axes);

/// "[12/96] <label>  round 2/6  <outcome_text()>  3:12 left".
std::string finished_text(const ProgressState& state, const Record& record,
                          const std::vector<std::string>& axes);

/// "trace of <label>: trace/<file>", or why it failed.
std::string traced_text(const CellTrace& trace, const std::vector<std::string>& axes);

/// "3:12", "1:02:03": seconds, rounded up.
std::string clock_text(double seconds);

/// "3:12 left", "1:02:03 left"; "" where the time is not known.
std::string time_left_text(std::optional<double> seconds);

/// At most `columns` of a line: what goes is the end of what stands before the last column, so that
/// the time left stays.
std::string shorten(const std::string& text, std::size_t columns);

/// "34 records (30 passed, 3 out_of_memory, 1 skipped)": nothing disappears.
std::string summary_text(const std::vector<Record>& records);

}  // namespace harness
