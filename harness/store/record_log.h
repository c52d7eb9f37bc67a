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

/// Appends to records.jsonl: one record a line, whole lines or nothing, on the disk before append()
/// returns.
class RecordLog {
 public:
  /// Creates the file, which must not exist yet. Throws HarnessError.
  explicit RecordLog(std::filesystem::path path);
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;
  ~RecordLog();

  /// Throws HarnessError where the disk refuses; the file then ends with the record before.
  void append(const Record& record);

 private:
  std::filesystem::path path_;
  int fd_;
  int64_t size_ = 0;
};

/// What a records.jsonl holds.
struct StoredRecords {
  std::vector<Record> records;
  std::string warning;  ///< one line where the last line was cut off, and is left out; else empty
};

/// Reads and verifies a records.jsonl. Throws UsageError, naming file and line, on a line that is
/// no record of this schema version, a checksum that does not match, and a second record of the
/// same cell and round.
StoredRecords read_records(const std::filesystem::path& path);

}  // namespace harness
