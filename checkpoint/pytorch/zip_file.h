#pragma once

#include <filesystem>
#include <memory>

#include "checkpoint/file_mapping.h"
#include "checkpoint/tensor_file.h"

namespace checkpoint::pytorch {

/// What torch.save writes since PyTorch 1.6: a stored zip archive with <root>/data.pkl, which
/// describes the tensors, and one member <root>/data/<key> a storage. Throws CheckpointError.
std::unique_ptr<TensorFile> open_zip_file(const std::filesystem::path& file);
/// The same on bytes at hand, which must outlive the result.
std::unique_ptr<TensorFile> open_zip_bytes(std::span<const std::byte> archive,
                                           const std::string& file);

}  // namespace checkpoint::pytorch
