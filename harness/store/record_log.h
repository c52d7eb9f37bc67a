#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/record.h"

namespace harness {

/// XXH3-64 of a record's JSON without its `checksum`, 16 hex digits.
std::string record_checksum(const nlohmann::json& record);
/// A record as its line in records.jsonl, with its checksum and the newline.
std::string record_line(const Record& record);

/// What a records.jsonl holds.
struct StoredRecords {
  std::vector<Record> records;
  int64_t whole_bytes = 0;  ///< of the lines that are whole
  std::string warning;  ///< one line where the last line was cut off, and is left out; else empty
};

/// Reads and verifies a records.jsonl. Throws UsageError, naming file and line, on a line that is
/// no record of this schema version, a checksum that does not match, and a second record of the
/// same cell and round. A last line that has no newline, or holds zero bytes (the machine went down
/// before the disk had all of it), is left out.
StoredRecords read_records(const std::filesystem::path& path);

/// Appends to records.jsonl: one record a line, whole lines or nothing, on the disk before append()
/// returns. At most one process at a time has a log open (flock), until it ends, however it ends.
class RecordLog {
 public:
  enum class Mode {
    kNew,     ///< the file must not exist yet
    kResume,  ///< goes on after the records that the file has, if it is there
  };
  /// Where resuming, takes a last line that was cut off out of the file; stored().warning says so.
  /// Throws HarnessError, and UsageError where another process has the log open or as
  /// read_records(); the file is then as it was.
  explicit RecordLog(std::filesystem::path path, Mode mode = Mode::kNew);
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;
  ~RecordLog();

  /// What the file held when it was opened.
  const StoredRecords& stored() const { return stored_; }
  /// Throws HarnessError where the disk refuses; the file then ends with the record before.
  void append(const Record& record);

 private:
  void resume();

  std::filesystem::path path_;
  int fd_ = -1;
  int64_t size_ = 0;
  StoredRecords stored_;
};

}  // namespace harness
