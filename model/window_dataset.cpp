#include "model/window_dataset.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "checkpoint/safetensors.h"

namespace model {
namespace {

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw std::invalid_argument(file + ": " + what);
}

/// A tensor's elements, which must be of dtype T and in `dimensions` dimensions.
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
  const auto ones = static_cast<size_t>(padding - mask.begin());
  const bool tail = std::all_of(padding, mask.end(), [](uint8_t bit) { return bit == 0; });
  const bool head = std::all_of(mask.begin(), padding, [](uint8_t bit) { return bit == 1; });
  if (!tail || !head) fail(where, "attention_mask is not ones followed by zeros");
  return static_cast<int64_t>(ones);
}

/// An answer position for a window of `length` tokens cut to `cut`.
int64_t cut_position(int64_t position, int64_t length, int64_t cut, const std::string& where) {
  if (position < 0 || position >= length) fail(where, "an answer position lies outside");
  return position < cut ? position : kIgnoredTarget;
}

void check_ids(std::span<const int64_t> ids, int64_t limit, const char* name,
               const std::string& where) {
  for (const int64_t id : ids) {
    if (id < 0 || id >= limit) {
      fail(where, std::string(name) + " " + std::to_string(id) + " is not below the model's " +
                      std::to_string(limit));
    }
  }
}

std::vector<Window> read_windows(const checkpoint::SafetensorsFile& file,
                                 const WindowOptions& options) {
  using checkpoint::Dtype;
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
    const int64_t cut = std::min(length, options.sequence_length);
    const auto row = static_cast<ptrdiff_t>(i * width);
    Window& window = windows[i];
    window.input_ids.assign(ids.begin() + row, ids.begin() + row + cut);
    window.token_type_ids.assign(types.begin() + row, types.begin() + row + cut);
    check_ids(window.input_ids, options.vocabulary, "token id", where);
    check_ids(window.token_type_ids, options.token_types, "token type", where);
    window.start_position = cut_position(starts[i], length, cut, where);
    window.end_position = cut_position(ends[i], length, cut, where);
  }
  return windows;
}

/// Fisher-Yates by a generator that the standard fixes to the bit; std::shuffle is not fixed.
void shuffle(std::vector<Window>& windows, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (size_t i = windows.size(); i > 1; --i) std::swap(windows[i - 1], windows[random() % i]);
}

}  // namespace

WindowDataset::WindowDataset(const std::filesystem::path& file, const WindowOptions& options)
    : options_(options) {
  if (options.sequence_length < 1 || options.sequences_per_step < 1) {
    fail(file.string(), "sequence length and sequences a step must be at least 1");
  }
  windows_ = read_windows(checkpoint::SafetensorsFile(file), options);
  shuffle(windows_, options.seed);
}

std::vector<Window> WindowDataset::sequences(uint64_t step, int64_t first_sequence,
                                             int64_t count) const {
  const uint64_t begin = step * static_cast<uint64_t>(options_.sequences_per_step) +
                         static_cast<uint64_t>(first_sequence);
  std::vector<Window> chosen;
  for (uint64_t i = begin; i < begin + static_cast<uint64_t>(count); ++i) {
    chosen.push_back(windows_[i % windows_.size()]);
  }
  return chosen;
}

Batch WindowDataset::batch(uint64_t step, int64_t first_sequence, int64_t micro_batch) const {
  return make_batch(sequences(step, first_sequence, micro_batch), options_.sequence_length,
                    first_sequence, options_.activations, options_.row_layout);
}

SequenceLayout WindowDataset::layout(uint64_t step, int64_t first_sequence,
                                     int64_t micro_batch) const {
  std::vector<int64_t> lengths;
  for (const Window& window : sequences(step, first_sequence, micro_batch)) {
    lengths.push_back(static_cast<int64_t>(window.input_ids.size()));
  }
  return make_layout(std::move(lengths), options_.sequence_length, first_sequence,
                     options_.row_layout);
}

int64_t WindowDataset::tokens(uint64_t step) const {
  int64_t count = 0;
  for (const Window& window : sequences(step, 0, options_.sequences_per_step)) {
    count += static_cast<int64_t>(window.input_ids.size());
  }
  return count;
}

TargetCounts WindowDataset::targets(uint64_t step) const {
  return count_targets(sequences(step, 0, options_.sequences_per_step));
}

}  // namespace model
