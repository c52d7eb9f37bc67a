#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/dtype.h"

namespace checkpoint {

struct TensorEntry {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> shape = {};  ///< empty: a scalar
  uint64_t bytes = 0;               ///< of all elements
};

/// A file of named tensors, whatever its format. Opening reads names, dtypes and shapes and checks
/// that the elements are there; they themselves are read one tensor at a time.
class TensorFile {
 public:
  /// Files of more tensors are refused.
  static constexpr size_t kMaxTensors = 65536;

  TensorFile(const TensorFile&) = delete;
  TensorFile& operator=(const TensorFile&) = delete;
  virtual ~TensorFile() = default;

  /// For messages.
  const std::string& file() const { return file_; }
  /// "safetensors", "PyTorch zip", ...
  const std::string& format() const { return format_; }
  const std::vector<TensorEntry>& tensors() const { return tensors_; }
  /// The place of `name` in tensors().
  std::optional<size_t> find(std::string_view name) const;

  /// Copy tensor `index`'s elements, row-major and little-endian, to `destination`, which has
  /// exactly their bytes. Throws CheckpointError where the file's checksums do not hold.
  void read(size_t index, std::span<std::byte> destination) const;
  std::vector<std::byte> read(size_t index) const;

 protected:
  TensorFile(std::string file, std::string format);

  /// Throws CheckpointError for a second tensor of one name, for a shape that overflows, and beyond
  /// kMaxTensors.
  void add(std::string name, Dtype dtype, std::vector<int64_t> shape);
  [[noreturn]] void fail(const std::string& what) const;

  virtual void read_tensor(size_t index, std::span<std::byte> destination) const = 0;

 private:
  std::string file_;
  std::string format_;
  std::vector<TensorEntry> tensors_;
  std::map<std::string, size_t, std::less<>> index_;
};

}  // namespace checkpoint
