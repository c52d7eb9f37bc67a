#pragma once

#include <map>
#include <string>
#include <vector>

#include <snappy.h>

#include "checkpoint/tensorflow/crc32c.h"
#include "tests/checkpoint/pickle/pickle_bytes.h"

namespace checkpoint::tensorflow {

inline std::string varint(uint64_t value) {
  std::string text;
  for (; value >= 0x80; value >>= 7) text += static_cast<char>(value | 0x80);
  return text + static_cast<char>(value);
}

/// Entries without shared beginnings, one restart.
inline std::string block(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string text;
  for (const auto& [key, value] : entries) {
    text += varint(0) + varint(key.size()) + varint(value.size()) + key + value;
  }
  return text + pickle::little_endian(0, 4) + pickle::little_endian(1, 4);
}

/// Bytes of a block as they stand in a file: with their type (1: Snappy) and CRC.
inline std::string seal_as(std::string text, char type) {
  text += type;
  return text + pickle::little_endian(masked_crc(crc32c(pickle::as_bytes(text))), 4);
}

inline std::string sealed(const std::string& text, bool packed) {
  if (!packed) return seal_as(text, 0);
  std::string small;
  snappy::Compress(text.data(), text.size(), &small);
  return seal_as(small, 1);
}

/// A LevelDB table (LevelDB's doc/table_format.md) of one sealed block of data.
inline std::string table_of_block(const std::string& data) {
  const std::string statistics = sealed(block({}), false);
  const std::string handle = varint(0) + varint(data.size() - 5);
  const std::string index = sealed(block({{"zzzz", handle}}), false);
  std::string footer = varint(data.size()) + varint(statistics.size() - 5) +
                       varint(data.size() + statistics.size()) + varint(index.size() - 5);
  footer.resize(40, '\0');
  return data + statistics + index + footer + pickle::little_endian(0xdb4775248b80fb57, 8);
}

/// The same from the block's contents.
inline std::string table(const std::string& contents, bool packed = false) {
  return table_of_block(sealed(contents, packed));
}

}  // namespace checkpoint::tensorflow
