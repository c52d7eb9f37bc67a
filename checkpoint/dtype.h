#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace checkpoint {

enum class Dtype { kBool, kU8, kI8, kF16, kBF16, kI16, kU16, kF32, kI32, kU32, kF64, kI64, kU64 };

/// Bytes of one element.
int64_t element_size(Dtype dtype);
/// As safetensors files write it: "F32", "BOOL", ...
const char* dtype_name(Dtype dtype);
/// The dtype that safetensors files call `name`.
std::optional<Dtype> dtype_from_name(std::string_view name);

/// Bytes of a tensor; nothing where a size is negative or the product overflows 63 bits.
std::optional<uint64_t> tensor_bytes(Dtype dtype, const std::vector<int64_t>& shape);

}  // namespace checkpoint
