#include "model/batch.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "model/host_copy.h"
#include "model/meta_device.h"

namespace model {
namespace {

int64_t count_positions(std::span<const Window> windows, int64_t Window::*position) {
  return std::count_if(windows.begin(), windows.end(), [position](const Window& window) {
    return window.*position != kIgnoredTarget;
  });
}

std::vector<int64_t> checked_lengths(std::span<const Window> windows, int64_t padded_length) {
  std::vector<int64_t> lengths;
  for (const Window& window : windows) {
    const auto length = static_cast<int64_t>(window.input_ids.size());
    if (length > padded_length || window.token_type_ids.size() != window.input_ids.size()) {
      throw std::invalid_argument("make_batch: sequence " + std::to_string(lengths.size()) +
                                  " of " + std::to_string(length) + " tokens does not fit into " +
                                  std::to_string(padded_length));
    }
    lengths.push_back(length);
  }
  return lengths;
}

at::Tensor make_mask(const SequenceLayout& layout, const at::TensorOptions& activations) {
  std::vector<float> mask(static_cast<size_t>(layout.rows()), static_cast<float>(kMaskedScore));
  for (size_t i = 0; i < layout.lengths.size(); ++i) {
    std::fill_n(mask.begin() + layout.offsets[i], layout.lengths[i], 0.0F);
  }
  return tensor_of(mask, at::kFloat, {layout.batch, 1, 1, layout.padded_length}, activations);
}

}  // namespace

TargetCounts count_targets(std::span<const Window> windows) {
  return {count_positions(windows, &Window::start_position),
          count_positions(windows, &Window::end_position)};
}

Batch make_batch(std::span<const Window> windows, int64_t padded_length, int64_t first_sequence,
                 const at::TensorOptions& activations, RowLayout row_layout) {
  Batch batch;
  batch.layout = make_layout(checked_lengths(windows, padded_length), padded_length, first_sequence,
                             row_layout);
  const SequenceLayout& layout = batch.layout;
  std::vector<int64_t> ids(static_cast<size_t>(layout.rows()), 0);
  std::vector<int64_t> types(ids.size(), 0);
  std::vector<int64_t> starts;
  std::vector<int64_t> ends;
  for (size_t i = 0; i < windows.size(); ++i) {
    const Window& window = windows[i];
    const int64_t row = layout.offsets[i];
    std::copy(window.input_ids.begin(), window.input_ids.end(), ids.begin() + row);
    std::copy(window.token_type_ids.begin(), window.token_type_ids.end(), types.begin() + row);
    starts.push_back(window.start_position);
    ends.push_back(window.end_position);
  }
  const at::TensorOptions index = activations.dtype(at::kLong);
  const std::vector<int64_t> tokens = layout.packed()
                                          ? std::vector<int64_t>{layout.rows()}
                                          : std::vector<int64_t>{layout.batch, padded_length};
  batch.input_ids = tensor_of(ids, at::kLong, tokens, index);
  batch.token_type_ids = tensor_of(types, at::kLong, tokens, index);
  batch.start_positions = tensor_of(starts, at::kLong, {layout.batch}, index);
  batch.end_positions = tensor_of(ends, at::kLong, {layout.batch}, index);
  if (!layout.packed()) batch.layout.additive_mask = make_mask(layout, activations);
  if (is_for_cuda(activations.device())) {
    batch.layout.device_rows = device_rows(layout, activations.device());
  }
  batch.targets = count_targets(windows);
  return batch;
}

}  // namespace model
