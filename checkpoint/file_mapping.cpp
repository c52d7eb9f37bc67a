#include "checkpoint/file_mapping.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint/checkpoint_error.h"

namespace checkpoint {
namespace {

[[noreturn]] void fail_to_read(const std::filesystem::path& file) {
  throw CheckpointError(
      fmt::format("{}: cannot read: {}", file.string(), std::generic_category().message(errno)));
}

}  // namespace

FileMapping::FileMapping(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) fail_to_read(file);
  const std::shared_ptr<void> closer(nullptr, [descriptor](void*) { ::close(descriptor); });
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail_to_read(file);
  if (!S_ISREG(status.st_mode)) {
    throw CheckpointError(fmt::format("{}: cannot read: not a regular file", file.string()));
  }
  size_ = static_cast<size_t>(status.st_size);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (address == MAP_FAILED) fail_to_read(file);
  mapping_ = {static_cast<const std::byte*>(address), [size = size_](const std::byte* begin) {
                ::munmap(const_cast<std::byte*>(begin), size);
              }};
}

}  // namespace checkpoint
