#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <zlib.h>

#include "tests/checkpoint/pickle/pickle_bytes.h"

namespace checkpoint::zip {

/// What a test says about one entry; left alone, a stored entry as torch.save writes it.
struct EntryBytes {
  std::string name;
  std::string bytes = {};
  uint16_t method = 0;
  uint16_t flags = 0;
  std::string local_name = name;
  uint64_t claimed_bytes = bytes.size();
  bool damaged = false;  ///< state another CRC-32
};

/// A zip archive of `entries`, as PKWARE's APPNOTE lays it out.
inline std::string archive(const std::vector<EntryBytes>& entries) {
  using pickle::little_endian;
  std::string file;
  std::string directory;
  for (const EntryBytes& entry : entries) {
    const auto crc =
        static_cast<uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(entry.bytes.data()),
                                      static_cast<uInt>(entry.bytes.size()))) ^
        (entry.damaged ? 1U : 0U);
    const std::string common = little_endian(entry.flags, 2) + little_endian(entry.method, 2) +
                               little_endian(0, 4) + little_endian(crc, 4) +
                               little_endian(entry.claimed_bytes, 4) +
                               little_endian(entry.claimed_bytes, 4);
    directory += "PK\x01\x02" + little_endian(0, 4) + common + little_endian(entry.name.size(), 2) +
                 little_endian(0, 12) + little_endian(file.size(), 4) + entry.name;
    file += "PK\x03\x04" + little_endian(0, 2) + common +
            little_endian(entry.local_name.size(), 2) + little_endian(0, 2) + entry.local_name +
            entry.bytes;
  }
  return file + directory + "PK\x05\x06" + little_endian(0, 4) + little_endian(entries.size(), 2) +
         little_endian(entries.size(), 2) + little_endian(directory.size(), 4) +
         little_endian(file.size(), 4) + little_endian(0, 2);
}

}  // namespace checkpoint::zip
