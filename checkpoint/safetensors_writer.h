#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/safetensors.h"

namespace checkpoint {

/// A tensor to write.
struct TensorView {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> shape;        ///< empty: a scalar
  std::span<const std::byte> bytes;  ///< little-endian, row-major; elements * element_size(dtype)
};

/// The bytes of an array, as a TensorView takes them.
template <class Array>
std::span<const std::byte> bytes_of(const Array& array) {
  return std::as_bytes(std::span(array));
}

/// Writes a safetensors file that the format's own libraries read: tensors with larger elements
/// first, then by name; a header padded to 8 bytes, so that every tensor is aligned.
///
/// Written whole or not at all (files::AtomicFile). Throws SafetensorsError naming the file where
/// it cannot be written (and leaves nothing behind), where two tensors have one name, or where
/// bytes and shape of a tensor do not agree.
void write_safetensors(const std::filesystem::path& file, std::vector<TensorView> tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace checkpoint
