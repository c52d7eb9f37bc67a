#include "harness/store/record_log.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <span>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <xxhash.h>

#include "files/write_all.h"
#include "harness/harness_error.h"
#include "harness/protocol/protocol_error.h"
#include "harness/protocol/strict_json.h"

namespace harness {
namespace {

/// Throws ProtocolError or nlohmann's exceptions on a line that is not what append() wrote.
Record parse_line(const std::string& line) {
  auto json = parse_strict_json(line);
  if (!json.is_object() || !json.contains("checksum")) throw ProtocolError("it has no checksum");
  const auto stated = json["checksum"];
  json.erase("checksum");
  const auto actual = record_checksum(json);
  if (stated != actual) {
    throw ProtocolError(
        fmt::format("its checksum is {} where its content gives \"{}\"; the line "
                    "was changed after it was written",
                    stated.dump(), actual));
  }
  return json.get<Record>();
}

/// Puts the name of a new file on the disk, without which its content is lost with the machine.
/// Some file systems refuse to; then there is nothing better to do.
void sync_directory_of(const std::filesystem::path& path) {
  const auto directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

std::string record_checksum(const nlohmann::json& record) {
  const auto text = record.dump();
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

RecordLog::RecordLog(std::filesystem::path path) : path_(std::move(path)) {
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
  if (fd_ < 0) {
    throw HarnessError(fmt::format("cannot create {}: {}", path_.string(), std::strerror(errno)));
  }
  sync_directory_of(path_);
}

RecordLog::~RecordLog() {
  ::close(fd_);
}

void RecordLog::append(const Record& record) {
  nlohmann::json json = record;
  json["checksum"] = record_checksum(json);
  const auto line = json.dump() + "\n";
  if (!files::write_all(fd_, std::as_bytes(std::span(line))) || ::fsync(fd_) != 0) {
    const int error = errno;
    [[maybe_unused]] const int cut = ::ftruncate(fd_, size_);
    throw HarnessError(
        fmt::format("cannot append to {}: {}", path_.string(), std::strerror(error)));
  }
  size_ += static_cast<int64_t>(line.size());
}

StoredRecords read_records(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw UsageError(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
  }
  StoredRecords result;
  std::map<std::pair<std::string, int64_t>, int> first_lines;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (file.eof()) {  // no newline: the write of this line never finished
      result.warning = fmt::format("{}:{}: the last line is cut off; it is left out of the reports",
                                   path.string(), number);
      break;
    }
    try {
      auto record = parse_line(line);
      const auto [first, added] =
          first_lines.try_emplace({cell_key(record.cell), record.round}, number);
      if (!added) {
        throw ProtocolError(fmt::format("it repeats the cell and round of line {}", first->second));
      }
      result.records.push_back(std::move(record));
    } catch (const std::exception& error) {
      throw UsageError(
          fmt::format("{}:{}: not a valid record: {}", path.string(), number, error.what()));
    }
  }
  return result;
}

}  // namespace harness
