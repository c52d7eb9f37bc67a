#include "files/atomic_file.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
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

}  // namespace

AtomicFile::AtomicFile(const std::filesystem::path& target) : target_(target), temporary_(target) {
  temporary_ += fmt::format(".{}.tmp", ::getpid());
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

}  // namespace files
