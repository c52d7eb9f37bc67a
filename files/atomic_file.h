#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace files {

/// A file that a reader, or a crash at any moment, finds as it was or whole and new: it is written
/// beside its place, synced, and renamed there by commit(). Without commit() nothing is left of it.
/// All calls throw std::system_error, whose code().message() is the system's reason.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& target);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::span<const std::byte> bytes);
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  bool committed_ = false;
};

/// Writes `text` to `file` whole or not at all. Throws FileError.
void write_file_atomically(const std::filesystem::path& file, std::string_view text);

/// Removes from `directory` what processes that were killed left of their AtomicFiles there. Call
/// it while this process writes none there. What another process may still be writing stays.
void remove_abandoned_files(const std::filesystem::path& directory);

}  // namespace files
