#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "checkpoint/safetensors.h"
#include "checkpoint/safetensors_writer.h"

namespace checkpoint {

/// As write_safetensors, with a checksum of all tensors and of `metadata` among the metadata.
void write_checksummed(const std::filesystem::path& file, std::vector<TensorView> tensors,
                       std::map<std::string, std::string> metadata);

/// A file of write_checksummed, read whole. Throws CheckpointError, also where it is not what was
/// written.
SafetensorsFile open_checksummed(const std::filesystem::path& file);

}  // namespace checkpoint
