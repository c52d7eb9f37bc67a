#pragma once

#include <filesystem>
#include <memory>

#include "checkpoint/tensor_file.h"

namespace checkpoint {

/// The weights in a folder of HuggingFace, and in each checkpoint of the training engine.
inline constexpr const char* kModelWeights = "model.safetensors";

/// Open weights of any format that is read here, told apart by their bytes:
///   a file of PyTorch (zip or legacy) or safetensors;
///   a prefix of a TensorFlow V2 checkpoint ("bert_model.ckpt"), or its .index file;
///   a folder: of HuggingFace (model.safetensors or pytorch_model.bin), of the training engine
///   (`latest`, then as HuggingFace's), of DeepSpeed (`latest`, or a tag's folder), or with one
///   TensorFlow checkpoint.
/// Throws CheckpointError; for Git LFS pointers, web pages, split or older formats it says what to
/// do instead.
std::unique_ptr<TensorFile> open_checkpoint(const std::filesystem::path& path);

}  // namespace checkpoint
