#include "checkpoint/tensorflow/sorted_table.h"

#include <fmt/format.h>
#include <snappy.h>

#include "checkpoint/byte_reader.h"
#include "checkpoint/checkpoint_error.h"
#include "checkpoint/tensorflow/crc32c.h"

namespace checkpoint::tensorflow {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kFooterBytes = 48;
constexpr size_t kHandlesBytes = 40;
constexpr uint64_t kMagic = 0xdb4775248b80fb57;
constexpr size_t kTrailerBytes = 5;  // type and masked CRC behind a block

struct Handle {
  uint64_t offset = 0;
  uint64_t bytes = 0;
};

Handle read_handle(ByteReader& reader) {
  Handle handle;
  handle.offset = reader.varint();
  handle.bytes = reader.varint();
  return handle;
}

class Table {
 public:
  Table(std::span<const std::byte> bytes, const std::string& where, const TableLimits& limits)
      : bytes_(bytes), where_(where), limits_(limits) {}

  Entries read() {
    if (bytes_.size() < kFooterBytes) fail("truncated: shorter than the footer of a table");
    ByteReader footer(bytes_.last(kFooterBytes), where_);
    read_handle(footer);  // of the block of statistics
    const Handle index = read_handle(footer);
    ByteReader magic(bytes_.last(kFooterBytes - kHandlesBytes), where_);
    if (magic.number<uint64_t>() != kMagic) {
      fail("no TensorFlow checkpoint index: it does not end with the magic number of a table");
    }
    Entries entries;
    for (const auto& [last_key, handle_bytes] : read_block(index)) {
      ByteReader reader(std::as_bytes(std::span(handle_bytes)), where_);
      Entries block = read_block(read_handle(reader));
      // Every other block that an index repeats ends in "out of order"; this one would cost time.
      if (block.empty()) fail("a block without entries");
      for (auto& entry : block) {
        if (!entries.empty() && entry.first <= entries.back().first) fail("keys are out of order");
        entries.push_back(std::move(entry));
      }
    }
    return entries;
  }

 private:
  /// The block's bytes, unpacked into `unpacked` where they are packed.
  std::span<const std::byte> open_block(const Handle& handle, std::string& unpacked) const {
    if (handle.offset > bytes_.size() || bytes_.size() - handle.offset < kTrailerBytes ||
        handle.bytes > bytes_.size() - handle.offset - kTrailerBytes) {
      fail(fmt::format("a block of {} bytes at byte {} reaches out of the file", handle.bytes,
                       handle.offset));
    }
    const auto block = bytes_.subspan(handle.offset, handle.bytes);
    ByteReader trailer(bytes_.subspan(handle.offset + handle.bytes, kTrailerBytes), where_);
    const auto type = trailer.number<uint8_t>();
    const auto crc = trailer.number<uint32_t>();
    if (masked_crc(crc32c(bytes_.subspan(handle.offset, handle.bytes + 1))) != crc) {
      fail(fmt::format("the block at byte {} is damaged (CRC-32C)", handle.offset));
    }
    if (type > 1) fail(fmt::format("a block is packed by method {}, not by Snappy", type));
    if (type == 0) return block;
    const auto* packed = reinterpret_cast<const char*>(block.data());
    size_t size = 0;
    if (!snappy::GetUncompressedLength(packed, block.size(), &size)) fail("a block is no Snappy");
    check_size(size);
    // No element of Snappy's stands for more than 64 bytes: a larger claim would be a lie.
    if (size / 64 > block.size()) fail("a block claims to unpack to more than it can");
    unpacked.resize(size);
    if (!snappy::RawUncompress(packed, block.size(), unpacked.data())) {
      fail("a block is no Snappy");
    }
    return std::as_bytes(std::span(unpacked));
  }

  void check_size(uint64_t size) const {
    if (size > limits_.block_bytes) {
      fail(fmt::format("a block of {} bytes; at most {} are read", size, limits_.block_bytes));
    }
  }

  /// Entries share their keys' beginnings with the entry before them; behind them stand the places
  /// where none is shared, and their number.
  Entries read_block(const Handle& handle) {
    std::string unpacked;
    const auto block = open_block(handle, unpacked);
    check_size(block.size());
    if (block.size() < 4) fail("a block without restarts");
    const auto restarts = ByteReader(block.last(4), where_).number<uint32_t>();
    if (restarts > (block.size() - 4) / 4) fail("a block of more restarts than it can have");
    ByteReader reader(block.first(block.size() - 4 - size_t{4} * restarts), where_);
    Entries entries;
    std::string key;
    while (reader.remaining() > 0) {
      const uint64_t shared = reader.varint();
      const uint64_t rest = reader.varint();
      const uint64_t value = reader.varint();
      if (shared > key.size()) fail("a key shares more than the key before it has");
      key.resize(shared);
      key += reader.text(rest);
      entries.emplace_back(key, reader.text(value));
      count(key.size() + value);
    }
    return entries;
  }

  void count(uint64_t bytes) {
    total_ += bytes;
    if (total_ > limits_.total_bytes) {
      fail(fmt::format("more than {} bytes of keys and values", limits_.total_bytes));
    }
    if (++entries_ > limits_.entries) fail(fmt::format("more than {} entries", limits_.entries));
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw CheckpointError(fmt::format("{}: {}", where_, what));
  }

  std::span<const std::byte> bytes_;
  const std::string& where_;
  TableLimits limits_;
  uint64_t total_ = 0;
  uint64_t entries_ = 0;
};

}  // namespace

Entries read_sorted_table(std::span<const std::byte> table, const std::string& where,
                          const TableLimits& limits) {
  return Table(table, where, limits).read();
}

}  // namespace checkpoint::tensorflow
