#pragma once

#include "baseline/plain_layer.h"

namespace baseline {

/// pytorch_tuned: the same layer with the best that LibTorch offers: one packed QKV product, its
/// own GELU, scale and mask inside the product of Q and K, flash attention where it is faster,
/// sums in place.
class TunedLayer final : public PlainLayer {
 public:
  TunedLayer(const model::BertConfig& config, int64_t index, const at::TensorOptions& options);
};

}  // namespace baseline
