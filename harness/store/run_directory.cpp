#include "harness/store/run_directory.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/files/atomic_file.h"
#include "harness/harness_error.h"
#include "harness/protocol/strict_json.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

fs::path info_path(const fs::path& directory) {
  return directory / "run.json";
}

[[noreturn]] void refuse(const fs::path& directory, const std::string& why) {
  throw UsageError(fmt::format("cannot use {} as the run directory: {}", directory.string(), why));
}

}  // namespace

RunLocation run_location(const std::string& name, const std::optional<fs::path>& out,
                         std::chrono::system_clock::time_point now) {
  if (out) return {*out, {}};
  const fs::path base = fs::path("runs") / name;
  const auto time =
      fmt::format("{:%Y-%m-%dT%H-%M-%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
  auto directory = base / time;
  for (int again = 2; fs::exists(fs::symlink_status(directory)); ++again) {
    directory = base / fmt::format("{}-{}", time, again);
  }
  return {directory, base / "latest"};
}

void check_run_location(const RunLocation& location) {
  std::error_code error;
  if (fs::exists(location.directory, error)) {
    if (!fs::is_directory(location.directory, error)) {
      refuse(location.directory, "it is not a directory");
    }
    if (!fs::is_empty(location.directory, error) || error) {
      refuse(location.directory,
             error ? error.message() : "it is not empty; name a directory that is absent or empty");
    }
  }
  auto existing = fs::absolute(location.directory).lexically_normal();
  while (!fs::exists(existing, error) && existing.has_relative_path()) {
    existing = existing.parent_path();
  }
  if (!fs::is_directory(existing, error)) {
    refuse(location.directory, existing.string() + " is not a directory");
  }
  if (::access(existing.c_str(), W_OK | X_OK) != 0) {
    refuse(location.directory, fmt::format("{}: {}", existing.string(), std::strerror(errno)));
  }
}

void create_run_directory(const RunLocation& location) {
  std::error_code error;
  fs::create_directories(location.directory, error);
  if (error) refuse(location.directory, error.message());
  if (location.latest.empty()) return;
  auto temporary = location.latest;
  temporary += fmt::format(".{}.tmp", ::getpid());
  fs::create_symlink(location.directory.filename(), temporary, error);
  if (!error) fs::rename(temporary, location.latest, error);
  if (error) {
    const auto why =
        fmt::format("cannot point {} at it: {}", location.latest.string(), error.message());
    fs::remove(temporary, error);
    refuse(location.directory, why);
  }
}

fs::path records_path(const fs::path& directory) {
  return directory / "records.jsonl";
}

void write_run_info(const fs::path& directory, const RunInfo& info) {
  write_file_atomically(info_path(directory), nlohmann::json(info).dump(1) + "\n");
}

StoredRun read_run(const fs::path& directory) {
  const auto path = info_path(directory);
  std::ifstream file(path);
  if (!file) {
    throw UsageError(fmt::format("{} is not a run directory: cannot read {}: {}",
                                 directory.string(), path.string(), std::strerror(errno)));
  }
  StoredRun run;
  try {
    run.info = parse_strict_json({std::istreambuf_iterator<char>(file), {}}).get<RunInfo>();
  } catch (const std::exception& error) {
    throw UsageError(fmt::format("{}: {}", path.string(), error.what()));
  }
  run.stored = read_records(records_path(directory));
  return run;
}

}  // namespace harness
