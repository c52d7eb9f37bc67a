#pragma once

#include <filesystem>
#include <memory>

#include "checkpoint/tensor_file.h"

namespace checkpoint {

/// A safetensors file as a TensorFile. Throws SafetensorsError.
std::unique_ptr<TensorFile> open_safetensors(const std::filesystem::path& file);

}  // namespace checkpoint
