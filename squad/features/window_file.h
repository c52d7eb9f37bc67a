#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "squad/features/window.h"

namespace squad {

/// Writes windows as a safetensors file that sweeps and training read: `input_ids` int32
/// [windows, max_seq_length] padded with 0; `attention_mask` uint8, 1 for each token;
/// `token_type_ids` uint8, 1 from the paragraph's first token to the last [SEP]; `feature_index`
/// int32 [windows], the window's place in `set`; in training `start_positions` and `end_positions`
/// int32 [windows], raw (see Window). `metadata` goes into the header.
///
/// Written whole or not at all. Throws SquadError where `set` has no window, and
/// checkpoint::SafetensorsError where the file cannot be written.
void write_window_file(const std::filesystem::path& file, const WindowSet& set,
                       const std::map<std::string, std::string>& metadata);

}  // namespace squad
