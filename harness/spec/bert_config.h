#pragma once

#include <filesystem>

#include "harness/protocol/model_shape.h"

namespace harness {

/// The shape that a BERT config.json describes (as BERT's releases and Hugging Face write it); keys
/// that do not change the shape are ignored, and a model_type or position_embedding_type other than
/// BERT's is refused. Post-layer-norm. Throws SpecError naming the config file and the key.
ModelShape read_bert_config(const std::filesystem::path& file);

}  // namespace harness
