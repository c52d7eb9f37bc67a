#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/encoder_layer.h"
#include "model/layer_norm.h"
#include "model/linear.h"

namespace baseline {

/// What the layers in plain LibTorch share: the dense layers and LayerNorms around self-attention
/// and GELU, which derived classes write.
class PlainLayer : public model::EncoderLayer {
 public:
  PlainLayer(const model::BertConfig& config, int64_t index, const at::TensorOptions& options);

  at::Tensor forward(const at::Tensor& hidden, const model::SequenceLayout& layout,
                     const model::DropoutSource& dropout, bool training) const final;
  std::vector<model::Parameter> parameters() const final;
  std::vector<model::WeightView> weights() const final;

 protected:
  const model::BertConfig& config() const { return config_; }
  int64_t index() const { return index_; }
  /// "encoder.layer.N."
  std::string prefix() const;

  /// Heads' outputs side by side, [batch, sequence, hidden], before the output's dense layer;
  /// dropout at probability `p`.
  virtual at::Tensor self_attention(const at::Tensor& input, const model::SequenceLayout& layout,
                                    const model::DropoutSource& dropout, double p) const = 0;
  virtual at::Tensor gelu(const at::Tensor& input) const = 0;
  /// branch + residual; `branch` is not needed afterwards.
  virtual at::Tensor add_residual(const at::Tensor& branch, const at::Tensor& residual) const = 0;
  /// Parameters of the projections to Q, K and V, and their HuggingFace names.
  virtual std::vector<model::Parameter> projection_parameters() const = 0;
  virtual std::vector<model::WeightView> projection_weights() const = 0;

 private:
  std::vector<model::Parameter> other_parameters() const;

  model::BertConfig config_;
  int64_t index_;
  model::Linear attention_output_;
  model::LayerNorm attention_norm_;
  model::Linear intermediate_;
  model::Linear output_;
  model::LayerNorm output_norm_;
};

}  // namespace baseline
