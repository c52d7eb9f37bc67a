#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/protocol/run_info.h"
#include "harness/protocol/run_origin.h"
#include "harness/store/record_log.h"

namespace harness {

/// What the user allows to differ from the start before where a run is resumed.
struct ResumePolicy {
  bool other_machine = false;
  bool other_build = false;
};

/// A run directory that this process measures into: new, or one that an earlier process left
/// unfinished. No other process can open it meanwhile.
class OpenRun {
 public:
  /// `here`: the sweep, and one start of this machine and build. The directory exists. Without
  /// `resume` it has no run yet; with it, what it has is gone on with, if anything. Throws
  /// HarnessError, and UsageError where the run there is of another sweep, was measured on a
  /// machine or by a build that differs and that the policy does not allow, has damaged files, or
  /// is being measured by another process; nothing is changed then but a last line that was cut
  /// off.
  OpenRun(std::filesystem::path directory, const RunOrigin& here,
          const std::optional<ResumePolicy>& resume);

  const std::filesystem::path& directory() const { return directory_; }
  /// What this process should tell its user about what it found, a line each.
  const std::vector<std::string>& notes() const { return notes_; }
  /// Earlier starts' records, then this one's.
  const std::vector<Record>& records() const { return records_; }
  /// Traces that earlier starts made.
  const std::vector<CellTrace>& stored_traces() const { return stored_traces_; }

  /// On the disk when it returns. Throws HarnessError.
  void append(const Record& record);

 private:
  void go_on(const ResumePolicy& policy);

  std::filesystem::path directory_;
  RunOrigin origin_;
  RecordLog log_;
  std::vector<Record> records_;
  std::vector<CellTrace> stored_traces_;
  std::vector<std::string> notes_;
};

}  // namespace harness
