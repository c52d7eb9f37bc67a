#pragma once

#include <CLI/CLI.hpp>

namespace apps {

/// Adds `convert CHECKPOINT OUT [--pad_vocabulary]`: writes BERT's weights in a checkpoint of any
/// format as a safetensors file with HuggingFace's names, whole or not at all. Tensors that are no
/// weights of BERT are left out, and named on stderr where nothing is known about them. Throws
/// checkpoint::CheckpointError.
void add_convert(CLI::App& program);

}  // namespace apps
