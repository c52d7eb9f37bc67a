#include "harness/store/record_log.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <span>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <xxhash.h>

#include "files/sync_directory.h"
#include "files/system_reason.h"
#include "files/write_all.h"
#include "harness/harness_error.h"
#include "harness/protocol/json_fault.h"
#include "harness/protocol/protocol_error.h"
#include "harness/protocol/schema_version.h"

namespace harness {
namespace {

std::string checksum_of(const std::string& text) {
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

/// The checksum of a line as append() writes it, from the line itself: what record_checksum() gives
/// of its JSON, which then need not be written once more. A line that was written otherwise has
/// another one.
nlohmann::json checksum_of_line(std::string line, const nlohmann::json& stated) {
  const auto part = fmt::format("\"checksum\":{},", stated.dump());
  const auto begin = line.find(part);
  return checksum_of(begin == std::string::npos ? line : line.erase(begin, part.size()));
}

/// Why a line is not what append() wrote.
class DamagedLine : public ProtocolError {
 public:
  using ProtocolError::ProtocolError;
};

/// A record and what tells its cell from others.
struct KeyedRecord {
  Record record;
  std::string cell_key;
};

/// Throws DamagedLine, and ProtocolError on a record of another schema version.
KeyedRecord parse_line(const std::string& line) {
  auto [json, fault] = check_json(line);
  if (fault) {
    // Neither its column nor its remedy: a line that is corrected by hand has another checksum.
    const auto pointer = fault->pointer.to_string();
    throw DamagedLine(pointer.empty() ? fault->problem : pointer + ": " + fault->problem);
  }
  if (!json.is_object() || !json.contains("checksum")) throw DamagedLine("it has no checksum");
  const auto stated = json["checksum"];
  json.erase("checksum");
  if (stated != checksum_of_line(line, stated)) {
    const auto actual = record_checksum(json);
    if (stated != actual) {
      throw DamagedLine(
          fmt::format("its checksum is {} where its content gives \"{}\"; the line "
                      "was changed after it was written",
                      stated.dump(), actual));
    }
  }
  check_schema_version(json, kSchemaVersion, "the record");
  try {
    return {json.get<Record>(), cell_key(json["cell"])};
  } catch (const std::exception& error) {
    throw DamagedLine(error.what());
  }
}

[[noreturn]] void refuse(const std::filesystem::path& path, int line, const std::string& why) {
  throw UsageError(fmt::format("{}:{}: not a valid record: {}", path.string(), line, why));
}

/// Whether a line that ends the file never reached the disk as a whole.
bool cut_off(const std::string& line, bool has_newline) {
  return !has_newline || line.find('\0') != std::string::npos;
}

}  // namespace

std::string record_checksum(const nlohmann::json& record) {
  return checksum_of(record.dump());
}

std::string record_line(const Record& record) {
  nlohmann::json json = record;
  json["checksum"] = record_checksum(json);
  return json.dump() + "\n";
}

RecordLog::RecordLog(std::filesystem::path path, Mode mode) : path_(std::move(path)) {
  const int must_be_new = mode == Mode::kNew ? O_EXCL : 0;
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | must_be_new | O_APPEND | O_CLOEXEC, 0666);
  if (fd_ < 0) {
    const int error = errno;
    if (mode == Mode::kNew) {
      throw HarnessError(
          fmt::format("cannot create {}: {}", path_.string(), files::system_reason(error)));
    }
    throw HarnessError(fmt::format(
        "cannot open {} to go on with it: {}; make it writable, or resume a copy of its "
        "directory",
        path_.string(), std::strerror(error)));
  }
  try {
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) {
        throw UsageError(fmt::format("another bench_sweep is writing {}; wait until it has ended",
                                     path_.string()));
      }
      throw HarnessError(
          fmt::format("cannot lock {}: {}", path_.string(), files::system_reason(errno)));
    }
    files::sync_directory_of(path_);
    if (mode == Mode::kResume) resume();
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

RecordLog::~RecordLog() {
  ::close(fd_);
}

void RecordLog::resume() {
  stored_ = read_records(path_);
  size_ = stored_.whole_bytes;
  if (stored_.warning.empty()) return;
  if (::ftruncate(fd_, size_) != 0 || ::fsync(fd_) != 0) {
    throw HarnessError(fmt::format("cannot take the cut last line out of {}: {}", path_.string(),
                                   files::system_reason(errno)));
  }
}

void RecordLog::append(const Record& record) {
  const auto line = record_line(record);
  if (!files::write_all(fd_, std::as_bytes(std::span(line))) || ::fsync(fd_) != 0) {
    const int error = errno;
    [[maybe_unused]] const int cut = ::ftruncate(fd_, size_);
    throw HarnessError(
        fmt::format("cannot append to {}: {}; mend that, then go on with --resume {}",
                    path_.string(), std::strerror(error), path_.parent_path().string()));
  }
  size_ += static_cast<int64_t>(line.size());
}

StoredRecords read_records(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    throw UsageError(
        fmt::format("cannot read {}: {}", path.string(),
                    file ? "it is a directory; name a run directory that has it as a file"
                         : files::system_reason(errno)));
  }
  StoredRecords result;
  std::map<std::pair<std::string, int64_t>, int> first_lines;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const bool has_newline = !file.eof();
    if (cut_off(line, has_newline) && file.peek() == std::ifstream::traits_type::eof()) {
      result.warning = fmt::format(
          "{}:{}: the last line is cut off, as where the machine or the "
          "program was stopped while it was written; it does not count",
          path.string(), number);
      break;
    }
    KeyedRecord parsed;
    try {
      parsed = parse_line(line);
    } catch (const DamagedLine& error) {
      refuse(path, number,
             fmt::format("{}; put back an unchanged copy of the file, or take the line out and "
                         "measure its round again with --resume {}",
                         error.what(), path.parent_path().string()));
    } catch (const ProtocolError& error) {
      refuse(path, number, error.what());
    }
    const auto [first, added] =
        first_lines.try_emplace({std::move(parsed.cell_key), parsed.record.round}, number);
    if (!added) {
      refuse(path, number,
             fmt::format("it repeats the cell and round of line {}; take one of the two lines out",
                         first->second));
    }
    result.records.push_back(std::move(parsed.record));
    result.whole_bytes += static_cast<int64_t>(line.size()) + 1;
  }
  return result;
}

}  // namespace harness
