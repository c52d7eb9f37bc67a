#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "kernels/layer/layer_call.h"
#include "kernels/layer/layer_weights.h"
#include "kernels/layer/saved_tensors.h"

namespace kernels {

/// Columns of a LayerNorm for which CUDA has room beyond those that cannot be inverted when its
/// layer first trains: gammas move by less than a learning rate a step.
inline constexpr int64_t kKeptRoom = 8;

/// LayerCall::kept_room for a layer of these weights: on CUDA what they need now and kKeptRoom
/// more, for which it waits for the device; on meta as for gammas of 1.
KeptRoom room_for_kept_columns(const LayerWeights& weights);

/// A LayerNorm's weights, and the room for the columns of it that normalize_invertible keeps.
struct NormWeights {
  const at::Tensor& gamma;
  const at::Tensor& beta;
  int64_t kept_room;
};

/// Makes `saved` keep the columns of `norm` over `rows` that cannot be inverted. On the CPU memory
/// is taken for what there are; on CUDA they are found on the device, and more than fit are lost to
/// NaN rather than waited for.
void keep_columns(const NormWeights& norm, int64_t rows, SavedNorm& saved);

}  // namespace kernels
