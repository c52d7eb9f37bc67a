#pragma once

#include "baseline/plain_layer.h"

namespace baseline {

/// pytorch_eager: an encoder layer operator by operator, as the PyTorch code of DeepSpeed's
/// BingBertSquad example computes it: separate Q, K and V, materialized scores, GELU from
/// elementary operators.
class EagerLayer : public PlainLayer {
 public:
  EagerLayer(const model::BertConfig& config, int64_t index, const at::TensorOptions& options);

 protected:
  at::Tensor self_attention(const at::Tensor& input, const model::SequenceLayout& layout,
                            const model::DropoutSource& dropout, double p) const override;
  at::Tensor gelu(const at::Tensor& input) const override;
  at::Tensor add_residual(const at::Tensor& branch, const at::Tensor& residual) const override;
  std::vector<model::Parameter> projection_parameters() const override;
  std::vector<model::WeightView> projection_weights() const override;

 private:
  model::Linear query_;
  model::Linear key_;
  model::Linear value_;
};

}  // namespace baseline
