#include "harness/spec/window_contents.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "checkpoint/safetensors.h"

namespace harness {
namespace {

using checkpoint::Dtype;
using checkpoint::SafetensorsError;

struct WindowTensor {
  const char* name;
  Dtype dtype;
  std::size_t rank;
};

constexpr WindowTensor kWindowTensors[] = {
    {"input_ids", Dtype::kI32, 2},     {"attention_mask", Dtype::kU8, 2},
    {"token_type_ids", Dtype::kU8, 2}, {"start_positions", Dtype::kI32, 1},
    {"end_positions", Dtype::kI32, 1},
};

void check_header(const checkpoint::SafetensorsHeader& header) {
  const std::vector<int64_t>& shape = header.at("input_ids").shape;
  for (const auto& [name, dtype, rank] : kWindowTensors) {
    const checkpoint::TensorInfo& tensor = header.at(name);
    if (tensor.dtype != dtype || tensor.shape.size() != rank || tensor.shape[0] != shape[0] ||
        tensor.shape.back() != (rank == 2 ? shape[1] : shape[0]) || tensor.elements() == 0) {
      throw SafetensorsError(fmt::format(
          "{}: tensor '{}' is not {} of {} dimension(s) with as many windows as 'input_ids'",
          header.file, name, checkpoint::dtype_name(dtype), rank));
    }
  }
}

template <class T>
std::vector<T> read_elements(const checkpoint::SafetensorsFile& file, const char* name) {
  const checkpoint::TensorInfo& tensor = file.header().at(name);
  std::vector<T> elements(static_cast<std::size_t>(tensor.elements()));
  std::memcpy(elements.data(), file.bytes(tensor).data(), tensor.bytes);
  return elements;
}

/// Tokens of a window before its padding. `where` names the window.
int64_t real_length(std::span<const uint8_t> mask, const std::string& where) {
  const auto padding = std::find_if(mask.begin(), mask.end(), [](uint8_t bit) { return bit != 1; });
  if (std::any_of(padding, mask.end(), [](uint8_t bit) { return bit != 0; })) {
    throw SafetensorsError(where + ": attention_mask is not ones followed by zeros");
  }
  return padding - mask.begin();
}

}  // namespace

WindowContents read_window_contents(const std::string& file, int64_t sequence_length) {
  const checkpoint::SafetensorsFile windows(file);
  check_header(windows.header());
  const auto& shape = windows.header().at("input_ids").shape;
  const auto ids = read_elements<int32_t>(windows, "input_ids");
  const auto types = read_elements<uint8_t>(windows, "token_type_ids");
  const auto mask = read_elements<uint8_t>(windows, "attention_mask");
  const auto starts = read_elements<int32_t>(windows, "start_positions");
  const auto ends = read_elements<int32_t>(windows, "end_positions");
  const auto width = static_cast<std::size_t>(shape[1]);
  WindowContents contents{.length = shape[1]};
  for (std::size_t i = 0; i < static_cast<std::size_t>(shape[0]); ++i) {
    const std::string where = fmt::format("{}: window {}", file, i);
    const int64_t length = real_length(std::span(mask).subspan(i * width, width), where);
    for (const int64_t position : {starts[i], ends[i]}) {
      if (position < 0 || position >= length) {
        throw SafetensorsError(fmt::format("{}: answer position {} is outside its {} tokens", where,
                                           position, length));
      }
    }
    if (ends[i] < starts[i]) {
      throw SafetensorsError(fmt::format("{}: the answer ends at position {}, before its start {}",
                                         where, ends[i], starts[i]));
    }
    const auto used = static_cast<std::size_t>(std::min(length, sequence_length));
    for (std::size_t token = i * width; token < i * width + used; ++token) {
      if (ids[token] < 0) {
        throw SafetensorsError(fmt::format("{}: token id {} is negative", where, ids[token]));
      }
      contents.largest_id = std::max<int64_t>(contents.largest_id, ids[token]);
      contents.largest_type = std::max<int64_t>(contents.largest_type, types[token]);
    }
  }
  return contents;
}

}  // namespace harness
