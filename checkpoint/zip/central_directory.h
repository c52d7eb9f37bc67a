#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace checkpoint::zip {

/// One entry as the central directory describes it; nothing but the fields' own consistency is
/// checked.
struct Member {
  std::string name;
  uint16_t flags = 0;
  uint16_t method = 0;  ///< 0: stored
  uint32_t crc32 = 0;
  uint64_t compressed_bytes = 0;
  uint64_t bytes = 0;
  uint64_t header = 0;  ///< where its local header begins
};

struct CentralDirectory {
  std::vector<Member> members;
  uint64_t begin = 0;  ///< in the archive
};

/// Find and read the central directory at the end of `archive`. Throws CheckpointError, beginning
/// with `where`.
CentralDirectory read_central_directory(std::span<const std::byte> archive,
                                        const std::string& where);

}  // namespace checkpoint::zip
