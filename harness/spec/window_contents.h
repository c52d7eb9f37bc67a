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

/// Read `file` as model::read_window_file does: the header, masks of ones followed by zeros,
/// answers inside the windows, and the ids of the first `sequence_length` tokens of each window,
/// none negative. Throws checkpoint::SafetensorsError (one line) where it is no file of windows.
///
/// The contents are read here, not the header alone, although every worker reads them too: an id
/// above the vocabulary or a bad mask is then an error of the sweep file, with its JSON path,
/// before any process is started; from a worker it would be a planner that failed. It costs one
/// pass over the file a start of the driver, as each round costs one. The worker still checks,
/// since it takes cells from anybody and the file may change during a sweep.
WindowContents read_window_contents(const std::string& file, int64_t sequence_length);

}  // namespace harness
