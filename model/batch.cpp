#include "model/batch.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace model {
namespace {

/// Additive mask of a padded key: exp(-10000 - max) is 0 in every dtype here.
constexpr float kMasked = -10000.0F;

template <class T>
at::Tensor to_device(std::vector<T>& host, at::ScalarType host_type, at::IntArrayRef sizes,
                     const at::TensorOptions& options) {
  at::Tensor tensor = at::empty(sizes, options);
  if (!tensor.is_meta()) tensor.copy_(at::from_blob(host.data(), sizes, host_type));
  return tensor;
}

int64_t count_positions(std::span<const Window> windows, int64_t Window::*position) {
  return std::count_if(windows.begin(), windows.end(), [position](const Window& window) {
    return window.*position != kIgnoredTarget;
  });
}

}  // namespace

TargetCounts count_targets(std::span<const Window> windows) {
  return {count_positions(windows, &Window::start_position),
          count_positions(windows, &Window::end_position)};
}

Batch make_batch(std::span<const Window> windows, int64_t padded_length, int64_t first_sequence,
                 const at::TensorOptions& activations) {
  const auto batch_size = static_cast<int64_t>(windows.size());
  const auto elements = static_cast<size_t>(batch_size * padded_length);
  std::vector<int64_t> ids(elements, 0);
  std::vector<int64_t> types(elements, 0);
  std::vector<float> mask(elements, kMasked);
  std::vector<int64_t> starts;
  std::vector<int64_t> ends;
  Batch batch;
  for (size_t i = 0; i < windows.size(); ++i) {
    const Window& window = windows[i];
    const auto length = static_cast<int64_t>(window.input_ids.size());
    if (length > padded_length || window.token_type_ids.size() != window.input_ids.size()) {
      throw std::invalid_argument("make_batch: sequence " + std::to_string(i) + " of " +
                                  std::to_string(length) + " tokens does not fit into " +
                                  std::to_string(padded_length));
    }
    const auto row = static_cast<int64_t>(i) * padded_length;
    std::copy(window.input_ids.begin(), window.input_ids.end(), ids.begin() + row);
    std::copy(window.token_type_ids.begin(), window.token_type_ids.end(), types.begin() + row);
    std::fill_n(mask.begin() + row, length, 0.0F);
    starts.push_back(window.start_position);
    ends.push_back(window.end_position);
    batch.layout.lengths.push_back(length);
  }
  const at::TensorOptions index = activations.dtype(at::kLong);
  batch.input_ids = to_device(ids, at::kLong, {batch_size, padded_length}, index);
  batch.token_type_ids = to_device(types, at::kLong, {batch_size, padded_length}, index);
  batch.start_positions = to_device(starts, at::kLong, {batch_size}, index);
  batch.end_positions = to_device(ends, at::kLong, {batch_size}, index);
  batch.layout.batch = batch_size;
  batch.layout.padded_length = padded_length;
  batch.layout.first_sequence = first_sequence;
  batch.layout.additive_mask =
      to_device(mask, at::kFloat, {batch_size, 1, 1, padded_length}, activations);
  batch.targets = count_targets(windows);
  return batch;
}

}  // namespace model
