#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/protocol/run_info.h"
#include "harness/protocol/run_origin.h"
#include "harness/store/record_log.h"

namespace harness {

/// Where one run of a sweep is written.
struct RunLocation {
  std::filesystem::path directory;
  std::filesystem::path latest;  ///< a link to `directory` to keep; empty: none
};

/// `out` itself where given; else runs/<name>/<UTC time>, with runs/<name>/latest.
RunLocation run_location(const std::string& name, const std::optional<std::filesystem::path>& out,
                         std::chrono::system_clock::time_point now);

/// Throws UsageError where the directory exists and is not empty, or could not be written. Changes
/// nothing.
void check_run_location(const RunLocation& location);

/// Throws UsageError where `directory` is neither a run that can be gone on with nor absent or
/// empty, as where the run was killed before its first file. Changes nothing.
void check_resumable(const std::filesystem::path& directory);

/// Creates the directory and points `latest` at it. Throws UsageError.
void create_run_directory(const RunLocation& location);

/// run.json and records.jsonl of a run directory.
struct StoredRun {
  RunInfo info;
  StoredRecords stored;
};

std::filesystem::path records_path(const std::filesystem::path& directory);
/// Throws HarnessError.
void write_run_info(const std::filesystem::path& directory, const RunInfo& info);
/// Writes records.jsonl whole. Throws HarnessError.
void write_records(const std::filesystem::path& directory, const std::vector<Record>& records);
/// Throws HarnessError.
void write_origin(const std::filesystem::path& directory, const RunOrigin& origin);
/// Throws UsageError where `directory` holds no valid run.
StoredRun read_run(const std::filesystem::path& directory);
/// run.json alone; none where there is no such file. Throws UsageError where it is not valid.
std::optional<RunInfo> read_run_info(const std::filesystem::path& directory);
/// origin.json; none where there is no such file. Throws UsageError where it is not valid.
std::optional<RunOrigin> read_origin(const std::filesystem::path& directory);

}  // namespace harness
