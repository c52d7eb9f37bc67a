#pragma once

#include "harness/protocol/data_source.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// The `data` of the sweep file `root`, its paths absolute (models and axes of `spec` already
/// read). Every id of the data must be below the vocabulary and the token types of every model.
///
/// "windows" is a safetensors file with the tensors input_ids (I32, [windows, length]),
/// attention_mask and token_type_ids (U8, the same shape), and start_positions and end_positions
/// (I32, [windows]). No sequence length of `spec` may be above the windows' length.
///
/// "squad" is a file of questions, and a vocabulary whose lines bound the ids. What the files say
/// is read by the worker that plans: the driver cannot cut text into word pieces.
DataSource read_data(const SpecNode& root, const SweepSpec& spec);

}  // namespace harness
