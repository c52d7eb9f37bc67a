#pragma once

#include <map>
#include <string>

#include <ATen/core/Tensor.h>

#include "model/bert_config.h"
#include "train/engine.h"

namespace train {

/// What a run must have in common with the one that it goes on from, by name.
using Agreement = std::map<std::string, std::string>;

/// A model's part of it: sizes, LayerNorm, GELU, dropout and the dtype of its weights.
Agreement model_agreement(const model::BertConfig& config, at::ScalarType dtype);

/// What an engine checkpoint holds besides tensors.
struct CheckpointMetadata {
  EngineState state;
  Agreement agreement;
};

/// As a safetensors file's metadata, and back. `file` is what errors call it: reading throws
/// checkpoint::CheckpointError where `metadata` is not that of an engine checkpoint.
std::map<std::string, std::string> write_metadata(const CheckpointMetadata& metadata);
CheckpointMetadata read_metadata(const std::map<std::string, std::string>& metadata,
                                 const std::string& file);

/// Throws checkpoint::CheckpointError, naming `file` and the first difference, unless `saved` and
/// `run` are the same.
void check_agreement(const Agreement& saved, const Agreement& run, const std::string& file);

}  // namespace train
