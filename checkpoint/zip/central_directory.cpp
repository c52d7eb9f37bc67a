#include "checkpoint/zip/central_directory.h"

#include <algorithm>

#include <fmt/format.h>

#include "checkpoint/byte_reader.h"
#include "checkpoint/checkpoint_error.h"

namespace checkpoint::zip {
namespace {

constexpr uint32_t kEndSignature = 0x06054b50;
constexpr uint32_t kEnd64Signature = 0x06064b50;
constexpr uint32_t kLocator64Signature = 0x07064b50;
constexpr uint32_t kMemberSignature = 0x02014b50;
constexpr size_t kEndBytes = 22;
constexpr size_t kLocator64Bytes = 20;
constexpr size_t kMemberBytes = 46;
constexpr size_t kMaxComment = 0xFFFF;
constexpr uint16_t kZip64Field = 1;
/// In a field of the old width: the value stands in the zip64 field.
constexpr uint32_t kIn64 = 0xFFFFFFFF;
/// More than any checkpoint has.
constexpr uint64_t kMaxMembers = 1'000'000;

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw CheckpointError(fmt::format("{}: {}", where, what));
}

std::span<const std::byte> slice(std::span<const std::byte> archive, uint64_t begin, uint64_t size,
                                 const std::string& where) {
  if (begin > archive.size() || size > archive.size() - begin) {
    fail(where, fmt::format("zip: bytes {} to {} are not in a file of {}", begin, begin + size,
                            archive.size()));
  }
  return archive.subspan(begin, size);
}

/// Where the end record begins: the last place with its signature whose comment ends the file.
size_t find_end(std::span<const std::byte> archive, const std::string& where) {
  if (archive.size() >= kEndBytes) {
    const size_t last = archive.size() - kEndBytes;
    for (size_t back = 0; back <= std::min(last, kMaxComment); ++back) {
      ByteReader reader(archive.subspan(last - back), where);
      if (reader.number<uint32_t>() != kEndSignature) continue;
      reader.take(16);
      if (reader.number<uint16_t>() == back) return last - back;
    }
  }
  fail(where, "zip: it has no end record: truncated, or no zip archive");
}

struct Extent {
  uint64_t members = 0;
  uint64_t bytes = 0;
  uint64_t begin = 0;
};

/// The zip64 end record that the locator in front of the end record points at.
Extent read_end64(std::span<const std::byte> archive, size_t end, const std::string& where) {
  if (end < kLocator64Bytes) fail(where, "zip: it needs a zip64 locator and has none");
  ByteReader locator(archive.subspan(end - kLocator64Bytes), where);
  if (locator.number<uint32_t>() != kLocator64Signature) {
    fail(where, "zip: it needs a zip64 locator and has none");
  }
  locator.take(4);
  const auto begin = locator.number<uint64_t>();
  ByteReader record(slice(archive, begin, 56, where), where);
  if (record.number<uint32_t>() != kEnd64Signature) {
    fail(where, "zip: its zip64 locator points at no zip64 end record");
  }
  record.take(28);
  Extent extent;
  extent.members = record.number<uint64_t>();
  extent.bytes = record.number<uint64_t>();
  extent.begin = record.number<uint64_t>();
  return extent;
}

Extent read_end(std::span<const std::byte> archive, const std::string& where) {
  const size_t end = find_end(archive, where);
  ByteReader reader(archive.subspan(end + 4), where);
  const auto disk = reader.number<uint16_t>();
  const auto directory_disk = reader.number<uint16_t>();
  if (disk != directory_disk) fail(where, "zip: an archive split over several files");
  reader.take(2);
  Extent extent;
  extent.members = reader.number<uint16_t>();
  extent.bytes = reader.number<uint32_t>();
  extent.begin = reader.number<uint32_t>();
  if (extent.members == 0xFFFF || extent.bytes == kIn64 || extent.begin == kIn64) {
    return read_end64(archive, end, where);
  }
  return extent;
}

/// Replace what did not fit into 32 bits by the zip64 field among the extra fields.
void read_zip64(std::span<const std::byte> extra, Member& member, const std::string& where) {
  ByteReader fields(extra, where);
  while (fields.remaining() >= 4) {
    const auto id = fields.number<uint16_t>();
    ByteReader field(fields.take(fields.number<uint16_t>()), where);
    if (id != kZip64Field) continue;
    for (uint64_t* value : {&member.bytes, &member.compressed_bytes, &member.header}) {
      if (*value == kIn64) *value = field.number<uint64_t>();
    }
    return;
  }
}

Member read_member(ByteReader& reader) {
  Member member;
  if (reader.number<uint32_t>() != kMemberSignature) {
    reader.fail("zip: the central directory is damaged");
  }
  reader.take(4);
  member.flags = reader.number<uint16_t>();
  member.method = reader.number<uint16_t>();
  reader.take(4);
  member.crc32 = reader.number<uint32_t>();
  member.compressed_bytes = reader.number<uint32_t>();
  member.bytes = reader.number<uint32_t>();
  const auto name = reader.number<uint16_t>();
  const auto extra = reader.number<uint16_t>();
  const auto comment = reader.number<uint16_t>();
  reader.take(8);
  member.header = reader.number<uint32_t>();
  member.name = reader.text(name);
  read_zip64(reader.take(extra), member, reader.where());
  reader.take(comment);
  return member;
}

}  // namespace

CentralDirectory read_central_directory(std::span<const std::byte> archive,
                                        const std::string& where) {
  const Extent extent = read_end(archive, where);
  if (extent.members > kMaxMembers || extent.members > extent.bytes / kMemberBytes) {
    fail(where, fmt::format("zip: {} entries do not fit into a central directory of {} bytes",
                            extent.members, extent.bytes));
  }
  ByteReader reader(slice(archive, extent.begin, extent.bytes, where), where);
  CentralDirectory directory;
  directory.begin = extent.begin;
  for (uint64_t i = 0; i < extent.members; ++i) directory.members.push_back(read_member(reader));
  return directory;
}

}  // namespace checkpoint::zip
