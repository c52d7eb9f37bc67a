#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace checkpoint {

/// A whole file mapped into memory, read-only; copies share the mapping.
class FileMapping {
 public:
  FileMapping() = default;
  /// Throws CheckpointError where `file` is no regular file or cannot be read.
  explicit FileMapping(const std::filesystem::path& file);

  /// They live as long as this object or a copy of it.
  std::span<const std::byte> bytes() const { return {mapping_.get(), size_}; }

 private:
  std::shared_ptr<const std::byte> mapping_;
  size_t size_ = 0;
};

}  // namespace checkpoint
