#include "files/atomic_file.h"

#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "files/file_error.h"
#include "files/sync_directory.h"
#include "files/system_reason.h"
#include "files/write_all.h"

namespace files {
namespace {

void require(bool holds) {
  if (!holds) throw std::system_error(errno, std::generic_category());
}

constexpr const char* kTemporary = ".tmp";

std::filesystem::path temporary_beside(const std::filesystem::path& target) {
  auto temporary = target;
  temporary += fmt::format(".{}{}", ::getpid(), kTemporary);
  return temporary;
}

/// The process that writes the file of this name; none where the name is not temporary_beside()'s.
std::optional<pid_t> writer_of(const std::filesystem::path& temporary) {
  if (temporary.extension() != kTemporary) return std::nullopt;
  const std::string number = temporary.stem().extension().string();  // ".123"
  pid_t writer = 0;
  const char* const end = number.data() + number.size();
  const bool is_one =
      number.size() > 1 && std::from_chars(number.data() + 1, end, writer).ptr == end && writer > 0;
  return is_one ? std::optional(writer) : std::nullopt;
}

/// A process of this one's number that is not this one was one before it, as in a container that
/// was started again.
bool may_be_writing(pid_t process) {
  return process != ::getpid() && (::kill(process, 0) == 0 || errno != ESRCH);
}

}  // namespace

AtomicFile::AtomicFile(const std::filesystem::path& target)
    : target_(target), temporary_(temporary_beside(target)) {
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  require(descriptor_ >= 0);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!committed_) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  require(write_all(descriptor_, bytes));
}

void AtomicFile::commit() {
  require(::fsync(descriptor_) == 0);
  require(::close(std::exchange(descriptor_, -1)) == 0);
  require(::rename(temporary_.c_str(), target_.c_str()) == 0);
  committed_ = true;
  sync_directory_of(target_);
}

void write_file_atomically(const std::filesystem::path& file, std::string_view text) {
  try {
    AtomicFile out(file);
    out.write(std::as_bytes(std::span(text)));
    out.commit();
  } catch (const std::system_error& error) {
    throw FileError(
        fmt::format("cannot write {}: {}", file.string(), system_reason(error.code().value())));
  }
}

void remove_abandoned_files(const std::filesystem::path& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const auto writer = writer_of(entry.path());
    if (writer && !may_be_writing(*writer)) std::filesystem::remove(entry.path(), error);
  }
}

}  // namespace files
