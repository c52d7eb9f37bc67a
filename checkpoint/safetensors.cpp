#include "checkpoint/safetensors.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "json/error.h"
#include "json/strict_json.h"

namespace checkpoint {
namespace {

using nlohmann::json;

/// Bytes of the little-endian header length in front of the header.
constexpr uint64_t kLengthBytes = 8;
/// The limit of the reference implementation; a longer header is taken for a damaged file.
constexpr uint64_t kMaxHeaderBytes = 100'000'000;

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw SafetensorsError(fmt::format("{}: {}", file, what));
}

/// A name from the file as one printable line.
std::string printable(const std::string& name) {
  return json(name).dump(-1, ' ', /*ensure_ascii=*/true);
}

/// A value from the file as one short printable line.
std::string shown(const json& value) {
  constexpr std::size_t kMaxBytes = 60;
  const std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true);
  return text.size() > kMaxBytes ? text.substr(0, kMaxBytes) + "..." : text;
}

/// The header's length, checked against the file's.
uint64_t header_length(std::span<const std::byte> prefix, uint64_t file_size,
                       const std::string& file) {
  if (file_size < kLengthBytes || prefix.size() < kLengthBytes) {
    fail(file, fmt::format("truncated: {} bytes, shorter than the 8 bytes of a header length",
                           file_size));
  }
  uint64_t length = 0;
  for (uint64_t i = 0; i < kLengthBytes; ++i) {
    length |= std::to_integer<uint64_t>(prefix[i]) << (8 * i);
  }
  if (length > kMaxHeaderBytes || length > file_size - kLengthBytes) {
    fail(file, fmt::format("truncated or not a safetensors file: a header of {} bytes does not fit "
                           "into a file of {} bytes",
                           length, file_size));
  }
  return length;
}

json parse_json(std::string_view header, const std::string& file) {
  if (!header.starts_with('{')) fail(file, "the header does not start with '{'");
  try {
    return ::json::parse_strict_json(header, file + ": header");
  } catch (const ::json::Error& error) {
    throw SafetensorsError(error.what());
  }
}

std::map<std::string, std::string> parse_metadata(const json& value, const std::string& file) {
  if (!value.is_object()) fail(file, "__metadata__ is not an object of strings");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) {
      fail(file, fmt::format("__metadata__ entry {} is not a string", printable(key)));
    }
    metadata[key] = text.get<std::string>();
  }
  return metadata;
}

std::vector<int64_t> parse_sizes(const json& value, const std::string& what,
                                 const std::string& file) {
  if (!value.is_array()) fail(file, what + " is not an array");
  std::vector<int64_t> sizes;
  for (const json& size : value) {
    if (!size.is_number_unsigned() ||
        size.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      fail(file, fmt::format("{} has the element {}, not a whole number from 0 to 2^63 - 1", what,
                             shown(size)));
    }
    sizes.push_back(size.get<int64_t>());
  }
  return sizes;
}

TensorInfo parse_tensor(const std::string& name, const json& value, uint64_t data_begin,
                        uint64_t data_size, const std::string& file) {
  const std::string tensor_text = "tensor " + printable(name);
  if (!value.is_object() || value.size() != 3 || !value.contains("dtype") ||
      !value.contains("shape") || !value.contains("data_offsets")) {
    fail(file, tensor_text + " is not an object of exactly dtype, shape and data_offsets");
  }
  TensorInfo tensor;
  tensor.name = name;
  const json& dtype = value.at("dtype");
  const std::optional<Dtype> known =
      dtype.is_string() ? dtype_from_name(dtype.get_ref<const std::string&>()) : std::nullopt;
  if (!known) {
    fail(file, fmt::format("{} has the unknown dtype {}", tensor_text, shown(dtype)));
  }
  tensor.dtype = *known;
  tensor.shape = parse_sizes(value.at("shape"), "the shape of " + tensor_text, file);
  const std::vector<int64_t> offsets =
      parse_sizes(value.at("data_offsets"), "data_offsets of " + tensor_text, file);
  if (offsets.size() != 2 || offsets[0] > offsets[1]) {
    fail(file, fmt::format("data_offsets of {} are not a begin and an end", tensor_text));
  }
  if (static_cast<uint64_t>(offsets[1]) > data_size) {
    fail(file, fmt::format("{} reaches to byte {}, out of the range of the file's {} data bytes",
                           tensor_text, offsets[1], data_size));
  }
  tensor.begin = data_begin + static_cast<uint64_t>(offsets[0]);
  tensor.bytes = static_cast<uint64_t>(offsets[1] - offsets[0]);
  const std::optional<uint64_t> needed = tensor_bytes(tensor.dtype, tensor.shape);
  if (!needed) fail(file, fmt::format("the shape of {} overflows", tensor_text));
  if (*needed != tensor.bytes) {
    fail(file, fmt::format("{} has {} bytes, but its dtype and shape need {}", tensor_text,
                           tensor.bytes, *needed));
  }
  return tensor;
}

/// Tensors, in order of their bytes, must cover the data without gaps or overlaps.
void check_coverage(const std::vector<TensorInfo>& tensors, uint64_t data_begin, uint64_t file_size,
                    const std::string& file) {
  uint64_t expected = data_begin;
  for (const TensorInfo& tensor : tensors) {
    if (tensor.begin != expected) {
      fail(file, fmt::format("tensor {} {} the tensor before it", printable(tensor.name),
                             tensor.begin < expected ? "overlaps" : "leaves a gap behind"));
    }
    expected = tensor.begin + tensor.bytes;
  }
  if (expected != file_size) {
    fail(file, fmt::format("{} trailing bytes after the last tensor", file_size - expected));
  }
}

}  // namespace

int64_t TensorInfo::elements() const {
  return static_cast<int64_t>(bytes) / element_size(dtype);
}

const TensorInfo* SafetensorsHeader::find(const std::string& name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const TensorInfo& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

const TensorInfo& SafetensorsHeader::at(const std::string& name) const {
  const TensorInfo* tensor = find(name);
  if (tensor == nullptr) fail(file, fmt::format("has no tensor {}", printable(name)));
  return *tensor;
}

SafetensorsHeader parse_safetensors_header(std::span<const std::byte> prefix, uint64_t file_size,
                                           const std::string& file) {
  const uint64_t length = header_length(prefix, file_size, file);
  const uint64_t data_begin = kLengthBytes + length;
  if (prefix.size() < data_begin) fail(file, "truncated within the header");
  const char* text = reinterpret_cast<const char*>(prefix.data()) + kLengthBytes;
  const json parsed = parse_json({text, length}, file);
  SafetensorsHeader header;
  header.file = file;
  for (const auto& [name, value] : parsed.items()) {
    if (name == "__metadata__") {
      header.metadata = parse_metadata(value, file);
    } else {
      header.tensors.push_back(parse_tensor(name, value, data_begin, file_size - data_begin, file));
    }
  }
  std::stable_sort(header.tensors.begin(), header.tensors.end(),
                   [](const TensorInfo& a, const TensorInfo& b) {
                     return std::pair(a.begin, a.bytes) < std::pair(b.begin, b.bytes);
                   });
  check_coverage(header.tensors, data_begin, file_size, file);
  return header;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& file) {
  try {
    mapping_ = FileMapping(file);
  } catch (const CheckpointError& error) {
    throw SafetensorsError(error.what());
  }
  header_ = parse_safetensors_header(mapping_.bytes(), mapping_.bytes().size(), file.string());
}

std::span<const std::byte> SafetensorsFile::bytes(const TensorInfo& tensor) const {
  return mapping_.bytes().subspan(tensor.begin, tensor.bytes);
}

}  // namespace checkpoint
