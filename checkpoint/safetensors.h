#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/dtype.h"
#include "checkpoint/file_mapping.h"

namespace checkpoint {

/// A file that is not a well-formed safetensors file. what() is one line: file, what is wrong.
class SafetensorsError : public CheckpointError {
 public:
  using CheckpointError::CheckpointError;
};

struct TensorInfo {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> shape;  ///< empty: a scalar
  uint64_t begin = 0;          ///< byte offset from the beginning of the file
  uint64_t bytes = 0;          ///< elements() * element_size(dtype)

  int64_t elements() const;
};

struct SafetensorsHeader {
  std::string file;                 ///< for messages
  std::vector<TensorInfo> tensors;  ///< in order of their bytes in the file
  std::map<std::string, std::string> metadata;

  /// Null where the file has no tensor of that name.
  const TensorInfo* find(const std::string& name) const;
  /// Throws SafetensorsError naming the file and the tensor that it lacks.
  const TensorInfo& at(const std::string& name) const;
};

/// Parse `prefix`, the first bytes of a file of `file_size` bytes: at least 8 + the header's
/// length, or the whole file if it is shorter. Accepts what the format specifies and nothing else:
/// one JSON object, unique names, known dtypes, bytes that match the shapes and cover the rest of
/// the file without gaps or overlaps. Throws SafetensorsError.
SafetensorsHeader parse_safetensors_header(std::span<const std::byte> prefix, uint64_t file_size,
                                           const std::string& file);

/// A safetensors file mapped into memory, read-only.
class SafetensorsFile {
 public:
  /// Throws SafetensorsError, also where the file cannot be read.
  explicit SafetensorsFile(const std::filesystem::path& file);

  const SafetensorsHeader& header() const { return header_; }
  /// The tensor's bytes, little-endian, row-major, not necessarily aligned; they live as long as
  /// this object or a copy of it.
  std::span<const std::byte> bytes(const TensorInfo& tensor) const;

 private:
  FileMapping mapping_;
  SafetensorsHeader header_;
};

}  // namespace checkpoint
