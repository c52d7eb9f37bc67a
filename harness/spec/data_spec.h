#pragma once

#include "harness/protocol/cell.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// The `data` of the sweep file `root`, its path absolute. "windows" is a safetensors file with the
/// tensors input_ids (I32, [windows, length]), attention_mask and token_type_ids (U8, the same
/// shape), and start_positions and end_positions (I32, [windows]). No sequence length of `spec`
/// (models and axes already read) may be above the windows' length, and every id must be below the
/// vocabulary and the token types of every model.
DataSource read_data(const SpecNode& root, const SweepSpec& spec);

}  // namespace harness
