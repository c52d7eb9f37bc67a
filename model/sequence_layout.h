#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace model {

/// How the sequences of a micro-batch lie in its tensors. On the host, known before any device
/// work, never read back from a device.
struct SequenceLayout {
  int64_t batch = 0;
  int64_t padded_length = 0;     ///< rows per sequence when padded
  std::vector<int64_t> lengths;  ///< [batch] real tokens of each sequence, 0..padded_length
  int64_t first_sequence = 0;    ///< index of the first sequence in the global batch
  /// Additive key-padding mask [batch, 1, 1, padded_length] in the activations' dtype, 0 for real
  /// tokens and -10000 for padding, built once a micro-batch for layers that want it as a tensor.
  at::Tensor additive_mask;
};

}  // namespace model
