#pragma once

#include "baseline/plain_layer.h"

namespace baseline {

/// pytorch_tuned: the same layer with the best that LibTorch offers: one packed QKV product, its
/// own GELU, scale and mask inside the product of Q and K, flash attention where it is faster,
/// sums in place.
class TunedLayer : public PlainLayer {
 public:
  TunedLayer(const model::BertConfig& config, int64_t index, const at::TensorOptions& options);

 protected:
  at::Tensor self_attention(const at::Tensor& input, const model::SequenceLayout& layout,
                            const model::DropoutSource& dropout, double p) const override;
  at::Tensor gelu(const at::Tensor& input) const override;
  at::Tensor add_residual(const at::Tensor& branch, const at::Tensor& residual) const override;
  std::vector<model::Parameter> projection_parameters() const override;
  std::vector<model::WeightView> projection_weights() const override;

 private:
  model::Linear qkv_;  ///< rows Q; K; V
};

}  // namespace baseline
