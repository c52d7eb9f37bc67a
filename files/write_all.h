#pragma once

#include <cstddef>
#include <span>

namespace files {

/// Writes all of `bytes` to an open file. Returns false, with errno set, where it could not.
bool write_all(int fd, std::span<const std::byte> bytes);

}  // namespace files
