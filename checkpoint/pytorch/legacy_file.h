#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "checkpoint/tensor_file.h"

namespace checkpoint::pytorch {

/// Whether `bytes` begin as torch.save's files did before PyTorch 1.6: with its magic number as a
/// pickle of protocol 2.
bool is_legacy(std::span<const std::byte> bytes);

/// What torch.save wrote before PyTorch 1.6: five pickles (magic number, protocol 1001, sizes of
/// the system, the object, keys of the storages), then for each key in that order the number of
/// elements and the elements. Throws CheckpointError.
std::unique_ptr<TensorFile> open_legacy_file(const std::filesystem::path& file);
/// The same on bytes at hand, which must outlive the result.
std::unique_ptr<TensorFile> open_legacy_bytes(std::span<const std::byte> bytes,
                                              const std::string& file);

}  // namespace checkpoint::pytorch
