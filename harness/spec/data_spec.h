#pragma once

#include "harness/protocol/cell.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// The `data` of a sweep, its path absolute. "windows" is a safetensors file with the tensors
/// input_ids (I32, [windows, length]), attention_mask and token_type_ids (U8, the same shape), and
/// start_positions and end_positions (I32, [windows]); its header is checked here, with the file's
/// length. No sequence length of `spec` (axes already read) may be above the windows' length.
DataSource read_data(const SpecNode& node, const SweepSpec& spec);

}  // namespace harness
