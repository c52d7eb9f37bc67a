#include "model/window_file.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>

#include "checkpoint/safetensors.h"

namespace model {
namespace {

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw std::invalid_argument(file + ": " + what);
}

/// The elements of a tensor, which must have this dtype and shape.
template <class T>
std::vector<T> read_elements(const checkpoint::SafetensorsFile& file, const std::string& name,
                             checkpoint::Dtype dtype, const std::vector<int64_t>& shape) {
  const checkpoint::TensorInfo& tensor = file.header().at(name);
  if (tensor.dtype != dtype || tensor.shape != shape) {
    fail(file.header().file, "tensor \"" + name + "\" must be " + checkpoint::dtype_name(dtype) +
                                 " and have one row per window");
  }
  std::vector<T> elements(static_cast<size_t>(tensor.elements()));
  std::memcpy(elements.data(), file.bytes(tensor).data(), tensor.bytes);
  return elements;
}

/// Number of leading ones of a 0/1 mask, which must have zeros alone behind them.
int64_t real_length(std::span<const uint8_t> mask, const std::string& where) {
  const auto padding = std::find(mask.begin(), mask.end(), uint8_t{0});
  const bool tail = std::all_of(padding, mask.end(), [](uint8_t bit) { return bit == 0; });
  const bool head = std::all_of(mask.begin(), padding, [](uint8_t bit) { return bit == 1; });
  if (!tail || !head) fail(where, "attention_mask is not ones followed by zeros");
  return padding - mask.begin();
}

int64_t checked_position(int64_t position, int64_t length, const std::string& where) {
  if (position < 0 || position >= length) fail(where, "an answer position lies outside");
  return position;
}

}  // namespace

std::vector<Window> read_window_file(const std::filesystem::path& path) {
  using checkpoint::Dtype;
  const checkpoint::SafetensorsFile file(path);
  const std::string& name = file.header().file;
  const std::vector<int64_t> shape = file.header().at("input_ids").shape;
  if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1) {
    fail(name, "tensor \"input_ids\" must be [windows, sequence length]");
  }
  const auto ids = read_elements<int32_t>(file, "input_ids", Dtype::kI32, shape);
  const auto types = read_elements<uint8_t>(file, "token_type_ids", Dtype::kU8, shape);
  const auto mask = read_elements<uint8_t>(file, "attention_mask", Dtype::kU8, shape);
  const auto starts = read_elements<int32_t>(file, "start_positions", Dtype::kI32, {shape[0]});
  const auto ends = read_elements<int32_t>(file, "end_positions", Dtype::kI32, {shape[0]});
  std::vector<Window> windows(static_cast<size_t>(shape[0]));
  for (size_t i = 0; i < windows.size(); ++i) {
    const std::string where = name + ": window " + std::to_string(i);
    const auto width = static_cast<size_t>(shape[1]);
    const int64_t length = real_length(std::span(mask).subspan(i * width, width), where);
    const auto row = static_cast<ptrdiff_t>(i * width);
    Window& window = windows[i];
    window.input_ids.assign(ids.begin() + row, ids.begin() + row + length);
    window.token_type_ids.assign(types.begin() + row, types.begin() + row + length);
    window.start_position = checked_position(starts[i], length, where);
    window.end_position = checked_position(ends[i], length, where);
    if (window.end_position < window.start_position) {
      fail(where, "the answer ends before its start");
    }
  }
  return windows;
}

}  // namespace model
