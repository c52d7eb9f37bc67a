#include "harness/store/run_directory.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "files/file_error.h"
#include "files/system_reason.h"
#include "files/text_file.h"
#include "harness/files/atomic_file.h"
#include "harness/harness_error.h"
#include "harness/protocol/strict_json.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

fs::path info_path(const fs::path& directory) {
  return directory / "run.json";
}

fs::path origin_path(const fs::path& directory) {
  return directory / "origin.json";
}

constexpr const char* kNameAnother = "name a directory that is absent or empty";

[[noreturn]] void refuse(const fs::path& directory, const std::string& why) {
  throw UsageError(fmt::format("cannot use {} as the run directory: {}", directory.string(), why));
}

/// The document in `path`; none where there is no such file. Throws UsageError, naming the file,
/// where it cannot be read or is not one.
template <typename Document>
std::optional<Document> read_document(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(path, error))) {
    if (!error || error == std::errc::no_such_file_or_directory) return std::nullopt;
    throw UsageError(
        fmt::format("cannot read {}: {}", path.string(), files::system_reason(error.value())));
  }
  if (!fs::is_regular_file(path, error)) {
    throw UsageError(fmt::format("cannot read {}: it is not a regular file", path.string()));
  }
  try {
    return parse_strict_json(files::read_text_file(path)).get<Document>();
  } catch (const files::FileError& unreadable) {
    throw UsageError(unreadable.what());
  } catch (const std::exception& fault) {
    throw UsageError(fmt::format("{}: {}", path.string(), fault.what()));
  }
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
      refuse(location.directory, std::string("it is not a directory; ") + kNameAnother);
    }
    if (!fs::is_empty(location.directory, error) || error) {
      refuse(location.directory, error ? files::system_reason(error.value())
                                       : std::string("it is not empty; ") + kNameAnother);
    }
  }
  auto existing = fs::absolute(location.directory).lexically_normal();
  while (!fs::exists(existing, error) && existing.has_relative_path()) {
    existing = existing.parent_path();
  }
  if (!fs::is_directory(existing, error)) {
    refuse(location.directory,
           fmt::format("{} is not a directory; {}", existing.string(), kNameAnother));
  }
  if (::access(existing.c_str(), W_OK | X_OK) != 0) {
    refuse(location.directory,
           fmt::format("{}: {}", existing.string(), files::system_reason(errno)));
  }
}

void check_resumable(const fs::path& directory) {
  std::error_code error;
  if (fs::is_regular_file(records_path(directory), error)) return;
  if (fs::is_directory(directory, error) && !fs::is_empty(directory, error) && !error) {
    refuse(directory,
           "it is not empty and has no records.jsonl, so it is no run to go on with; name the "
           "directory of a run, or one that is absent or empty");
  }
  check_run_location({directory, {}});
}

void create_run_directory(const RunLocation& location) {
  std::error_code error;
  fs::create_directories(location.directory, error);
  if (error) refuse(location.directory, files::system_reason(error.value()));
  if (location.latest.empty()) return;
  auto temporary = location.latest;
  temporary += fmt::format(".{}.tmp", ::getpid());
  fs::create_symlink(location.directory.filename(), temporary, error);
  if (!error) fs::rename(temporary, location.latest, error);
  if (error) {
    const auto why = fmt::format("cannot point {} at it: {}", location.latest.string(),
                                 files::system_reason(error.value()));
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

void write_records(const fs::path& directory, const std::vector<Record>& records) {
  std::string text;
  for (const auto& record : records) text += record_line(record);
  write_file_atomically(records_path(directory), text);
}

void write_origin(const fs::path& directory, const RunOrigin& origin) {
  write_file_atomically(origin_path(directory), nlohmann::json(origin).dump(1) + "\n");
}

StoredRun read_run(const fs::path& directory) {
  auto info = read_run_info(directory);
  if (!info) {
    std::error_code error;
    const bool begun = fs::exists(records_path(directory), error);
    throw UsageError(fmt::format(
        "{0} is not a run directory: it has no run.json; {1}", directory.string(),
        begun ? fmt::format("put it back, or let `bench_sweep SPEC --resume {}` write it",
                            directory.string())
              : "name one that `bench_sweep SPEC` wrote, as runs/NAME/latest"));
  }
  return {std::move(*info), read_records(records_path(directory))};
}

std::optional<RunInfo> read_run_info(const fs::path& directory) {
  return read_document<RunInfo>(info_path(directory));
}

std::optional<RunOrigin> read_origin(const fs::path& directory) {
  return read_document<RunOrigin>(origin_path(directory));
}

}  // namespace harness
