#include "checkpoint/zip/stored_zip.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "checkpoint/byte_reader.h"
#include "checkpoint/checkpoint_error.h"
#include "checkpoint/printable.h"
#include "checkpoint/zip/central_directory.h"

namespace checkpoint::zip {
namespace {

constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr uint16_t kEncrypted = 1;

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw CheckpointError(fmt::format("{}: zip: {}", where, what));
}

/// The bytes of `member`, behind its local header.
std::span<const std::byte> locate(std::span<const std::byte> before_directory, const Member& member,
                                  const std::string& where) {
  const std::string entry = "entry " + printable(member.name);
  if ((member.flags & kEncrypted) != 0) fail(where, entry + " is encrypted");
  if (member.method != 0 || member.compressed_bytes != member.bytes) {
    fail(where, entry +
                    " is compressed; torch.save stores entries as they are: unpack the archive "
                    "and pack it again without compression (zip -0)");
  }
  if (member.header >= before_directory.size()) fail(where, entry + " begins outside of the file");
  ByteReader reader(before_directory.subspan(member.header), where);
  if (reader.number<uint32_t>() != kLocalSignature) fail(where, entry + " has no local header");
  reader.take(22);
  const auto name = reader.number<uint16_t>();
  const auto extra = reader.number<uint16_t>();
  if (reader.text(name) != member.name) {
    fail(where, entry + " has another name in its local header");
  }
  reader.take(extra);
  if (member.bytes > reader.remaining()) {
    fail(where, fmt::format("{} of {} bytes reaches out of the file", entry, member.bytes));
  }
  return reader.take(member.bytes);
}

}  // namespace

StoredZip::StoredZip(std::span<const std::byte> archive, const std::string& where) : where_(where) {
  const CentralDirectory directory = read_central_directory(archive, where);
  std::vector<std::pair<uint64_t, uint64_t>> extents;  // local header to end of bytes
  for (const Member& member : directory.members) {
    const auto bytes = locate(archive.first(directory.begin), member, where);
    extents.emplace_back(member.header,
                         static_cast<uint64_t>(bytes.data() - archive.data()) + bytes.size());
    if (!entries_.emplace(member.name, Entry{bytes, member.crc32}).second) {
      fail(where, fmt::format("it has entry {} twice", printable(member.name)));
    }
  }
  std::sort(extents.begin(), extents.end());
  for (size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].first < extents[i - 1].second) {
      fail(where, fmt::format("two entries overlap at byte {}", extents[i].first));
    }
  }
}

void StoredZip::check(const std::string& name, const Entry& entry) const {
  const auto* data = reinterpret_cast<const Bytef*>(entry.bytes.data());
  const auto actual = static_cast<uint32_t>(::crc32_z(0, data, entry.bytes.size()));
  if (actual != entry.crc32) {
    fail(where_, fmt::format("the bytes of entry {} are damaged: CRC-32 {:08x}, not {:08x}",
                             printable(name), actual, entry.crc32));
  }
}

}  // namespace checkpoint::zip
