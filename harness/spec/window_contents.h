#pragma once

#include <cstdint>
#include <string>

namespace harness {

/// What the cells of a sweep must know of a file of windows.
struct WindowContents {
  int64_t length = 0;      ///< tokens of a window, with padding
  int64_t largest_id = 0;  ///< of all tokens used; a model's vocabulary must be above it
  int64_t largest_type = 0;
};

/// Read `file` as WindowDataset does: the header, masks of ones followed by zeros, answers inside
/// the windows, and the ids of the first `sequence_length` tokens of each window, none negative.
/// Throws checkpoint::SafetensorsError (one line) where it is no file of windows.
WindowContents read_window_contents(const std::string& file, int64_t sequence_length);

}  // namespace harness
