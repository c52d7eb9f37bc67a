#include "model/window_dataset.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace model {
namespace {

[[noreturn]] void fail(const std::string& source, const std::string& what) {
  throw std::invalid_argument(source + ": " + what);
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

void check_position(int64_t position, size_t length, const std::string& where) {
  if (position == kIgnoredTarget) return;
  if (position < 0 || position >= static_cast<int64_t>(length)) {
    fail(where, "an answer position lies outside");
  }
}

int64_t cut_length(const Window& window, const WindowOptions& options) {
  return std::min(static_cast<int64_t>(window.input_ids.size()), options.sequence_length);
}

int64_t cut_position(int64_t position, const WindowOptions& options) {
  return position < options.sequence_length ? position : kIgnoredTarget;
}

Window cut(const Window& window, const WindowOptions& options) {
  const int64_t length = cut_length(window, options);
  const auto part = [length](const std::vector<int64_t>& values) {
    return std::vector<int64_t>(values.begin(), values.begin() + length);
  };
  return {part(window.input_ids), part(window.token_type_ids),
          cut_position(window.start_position, options), cut_position(window.end_position, options)};
}

/// Of what the model will see: ids behind the cut may be anything.
void check_window(const Window& window, const WindowOptions& options, const std::string& where) {
  if (window.token_type_ids.size() != window.input_ids.size()) {
    fail(where, "it has not as many token types as tokens");
  }
  const auto length = static_cast<size_t>(cut_length(window, options));
  check_ids(std::span(window.input_ids).first(length), options.vocabulary, "token id", where);
  check_ids(std::span(window.token_type_ids).first(length), options.token_types, "token type",
            where);
  check_position(window.start_position, window.input_ids.size(), where);
  check_position(window.end_position, window.input_ids.size(), where);
}

/// The number of windows, of which there must be one.
int64_t checked_size(const std::vector<Window>& windows, const WindowOptions& options) {
  if (windows.empty()) fail(options.source, "it has no windows");
  return static_cast<int64_t>(windows.size());
}

}  // namespace

WindowDataset::WindowDataset(std::shared_ptr<const std::vector<Window>> windows,
                             const WindowOptions& options)
    : options_(options),
      windows_(std::move(windows)),
      order_(checked_size(*windows_, options), options.seed) {
  if (options.sequence_length < 1 || options.sequences_per_step < 1) {
    fail(options.source, "sequence length and sequences a step must be at least 1");
  }
  for (size_t i = 0; i < windows_->size(); ++i) {
    check_window((*windows_)[i], options, options.source + ": window " + std::to_string(i));
  }
}

WindowDataset::WindowDataset(std::vector<Window> windows, const WindowOptions& options)
    : WindowDataset(std::make_shared<const std::vector<Window>>(std::move(windows)), options) {}

const Window& WindowDataset::at(uint64_t step, int64_t sequence) const {
  const uint64_t begin = step * static_cast<uint64_t>(options_.sequences_per_step);
  return (*windows_)[order_.at(begin + static_cast<uint64_t>(sequence))];
}

std::vector<int64_t> WindowDataset::lengths(uint64_t step, int64_t first_sequence,
                                            int64_t count) const {
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < count; ++i) {
    lengths.push_back(cut_length(at(step, first_sequence + i), options_));
  }
  return lengths;
}

Batch WindowDataset::batch(uint64_t step, int64_t first_sequence, int64_t micro_batch) const {
  std::vector<Window> windows;
  for (int64_t i = 0; i < micro_batch; ++i) {
    windows.push_back(cut(at(step, first_sequence + i), options_));
  }
  return make_batch(windows, options_.sequence_length, first_sequence, options_.activations,
                    options_.row_layout);
}

SequenceLayout WindowDataset::layout(uint64_t step, int64_t first_sequence,
                                     int64_t micro_batch) const {
  return make_layout(lengths(step, first_sequence, micro_batch), options_.sequence_length,
                     first_sequence, options_.row_layout);
}

int64_t WindowDataset::tokens(uint64_t step) const {
  const std::vector<int64_t> all = lengths(step, 0, options_.sequences_per_step);
  return std::accumulate(all.begin(), all.end(), int64_t{0});
}

TargetCounts WindowDataset::targets(uint64_t step) const {
  TargetCounts counts;
  for (int64_t i = 0; i < options_.sequences_per_step; ++i) {
    const Window& window = at(step, i);
    counts.starts += cut_position(window.start_position, options_) != kIgnoredTarget ? 1 : 0;
    counts.ends += cut_position(window.end_position, options_) != kIgnoredTarget ? 1 : 0;
  }
  return counts;
}

}  // namespace model
