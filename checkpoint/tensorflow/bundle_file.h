#pragma once

#include <filesystem>
#include <memory>

#include "checkpoint/tensor_file.h"

namespace checkpoint::tensorflow {

/// A TensorFlow V2 checkpoint ("tensor bundle"): `prefix`.index, a table of descriptions, and
/// `prefix`.data-0000i-of-0000n. Tensors of strings and other objects are passed over. A tensor's
/// CRC-32C is checked when it is read. Throws CheckpointError: files missing, truncated or damaged,
/// tensors out of their file, partitioned variables, object-based checkpoints (Keras of TensorFlow
/// 2), which have other names.
std::unique_ptr<TensorFile> open_bundle(const std::filesystem::path& prefix);

}  // namespace checkpoint::tensorflow
