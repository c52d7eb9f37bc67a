#pragma once

#include "baseline/plain_layer.h"

namespace baseline {

/// pytorch_eager: an encoder layer operator by operator, as the PyTorch code of DeepSpeed's
/// BingBertSquad example computes it: separate Q, K and V, materialized scores, GELU from
/// elementary operators.
class EagerLayer final : public PlainLayer {
 public:
  EagerLayer(const model::BertConfig& config, int64_t index, const at::TensorOptions& options);
};

}  // namespace baseline
