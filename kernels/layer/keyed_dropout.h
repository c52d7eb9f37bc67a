#pragma once

#include "model/dropout_source.h"

namespace kernels {

/// Dropout with the bits that the fused layer generates, as a tensor operation for any layer and
/// any floating dtype: what the correctness gate gives to every implementation. Differentiable any
/// number of times.
class KeyedDropout final : public model::DropoutSource {
 public:
  at::Tensor apply(const at::Tensor& input, double p, const model::DropoutKey& key,
                   const model::SequenceLayout& layout) const override;
};

}  // namespace kernels
