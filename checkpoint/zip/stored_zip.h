#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace checkpoint::zip {

/// The entries of a zip archive whose members are stored, not compressed, as torch.save writes them
/// (PKWARE's APPNOTE 6.3.9, with zip64). Members are views into the archive.
class StoredZip {
 public:
  struct Entry {
    std::span<const std::byte> bytes;
    uint32_t crc32 = 0;
  };

  /// `archive` must outlive this. Throws CheckpointError, beginning with `where`, for archives that
  /// are truncated, split, encrypted or compressed, and for entries that overlap, repeat a name,
  /// reach out of the file or disagree with their local header.
  StoredZip(std::span<const std::byte> archive, const std::string& where);

  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }
  /// Throws CheckpointError where the bytes of `entry` do not have its CRC-32.
  void check(const std::string& name, const Entry& entry) const;

 private:
  std::string where_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace checkpoint::zip
