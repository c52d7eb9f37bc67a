// Any bytes as a safetensors file; every tensor must lie within it.
#include "checkpoint/safetensors.h"

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto header = checkpoint::parse_safetensors_header(bytes, size, "fuzz");
    for (const checkpoint::TensorInfo& tensor : header.tensors) {
      if (tensor.begin > size || tensor.bytes > size - tensor.begin) __builtin_trap();
    }
  } catch (const checkpoint::SafetensorsError&) {
  }
  return 0;
}
