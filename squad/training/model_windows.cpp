#include "squad/training/model_windows.h"

#include <algorithm>

namespace squad {
namespace {

model::Window without_target(const Window& window) {
  model::Window result;
  result.input_ids.assign(window.input_ids.begin(), window.input_ids.end());
  result.token_type_ids.assign(window.input_ids.size(), 1);
  std::fill_n(result.token_type_ids.begin(), window.paragraph_begin, 0);
  return result;
}

/// Only a full window can have an answer beyond it, so that its end is the end of the sequence.
int64_t target(int32_t position, const Window& window) {
  if (position >= static_cast<int64_t>(window.input_ids.size())) return model::kIgnoredTarget;
  return std::max(position, 0);
}

}  // namespace

std::vector<model::Window> training_windows(const WindowSet& set) {
  std::vector<model::Window> windows = prediction_windows(set);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    windows[i].start_position = target(set.windows[i].start_position, set.windows[i]);
    windows[i].end_position = target(set.windows[i].end_position, set.windows[i]);
  }
  return windows;
}

std::vector<model::Window> prediction_windows(const WindowSet& set) {
  std::vector<model::Window> windows;
  windows.reserve(set.windows.size());
  std::transform(set.windows.begin(), set.windows.end(), std::back_inserter(windows),
                 without_target);
  return windows;
}

}  // namespace squad
