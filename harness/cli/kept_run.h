#pragma once

#include <filesystem>
#include <vector>

#include "harness/cli/planned_sweep.h"
#include "harness/store/record_log.h"

namespace harness {

/// A run directory that fills as its records come, which also stay at hand.
class KeptRun {
 public:
  /// Creates the directory, with run.json. Throws UsageError and HarnessError.
  KeptRun(const std::filesystem::path& directory, RunInfo info);

  /// Throws HarnessError where the disk refuses.
  void keep(const Record& record);
  const RunInfo& info() const { return info_; }
  const std::vector<Record>& records() const { return records_; }

 private:
  RunInfo info_;
  RecordLog log_;
  std::vector<Record> records_;
};

}  // namespace harness
