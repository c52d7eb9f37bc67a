#pragma once

#include <filesystem>
#include <vector>

#include "model/window.h"

namespace model {

/// The windows of a safetensors file with the tensors input_ids (int32 [windows, length]),
/// attention_mask and token_type_ids (uint8, the same shape), start_positions and end_positions
/// (int32 [windows]), each without its padding. Throws checkpoint::SafetensorsError for a malformed
/// file, and std::invalid_argument (one line, naming file and window) where a mask is not ones
/// followed by zeros or an answer lies outside its window.
std::vector<Window> read_window_file(const std::filesystem::path& file);

}  // namespace model
