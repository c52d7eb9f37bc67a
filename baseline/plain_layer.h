#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/encoder_layer.h"
#include "model/layer_norm.h"
#include "model/linear.h"

namespace baseline {

/// What attention is computed from.
struct AttentionInputs {
  at::Tensor query;  ///< [batch, heads, sequence, head_dim], views
  at::Tensor key;
  at::Tensor value;
  const model::SequenceLayout& layout;
  const model::DropoutSource& dropout;
  model::DropoutKey key_of_dropout;
  double p = 0;  ///< probability of dropout

  /// `probabilities` [batch, heads, sequence, sequence] with dropout.
  at::Tensor drop(const at::Tensor& probabilities) const {
    return dropout.apply(probabilities, p, key_of_dropout, layout);
  }
};

/// How a layer in plain LibTorch computes what LibTorch has several ways to compute.
struct PlainOperators {
  bool packed_projection;  ///< Q, K and V by one product
  /// Heads' outputs side by side, [batch, sequence, hidden], before the output's dense layer.
  at::Tensor (*attention)(const AttentionInputs& inputs);
  at::Tensor (*gelu)(const at::Tensor& input, model::Gelu form);
  /// branch + residual; `branch` is not needed afterwards.
  at::Tensor (*add_residual)(const at::Tensor& branch, const at::Tensor& residual);
};

/// An encoder layer in plain LibTorch, by `operators`.
class PlainLayer : public model::EncoderLayer {
 public:
  PlainLayer(const model::BertConfig& config, int64_t index, const at::TensorOptions& options,
             const PlainOperators& operators);

  at::Tensor forward(const at::Tensor& hidden, const model::SequenceLayout& layout,
                     const model::DropoutSource& dropout, bool training) const final;
  std::vector<model::Parameter> parameters() const final;
  std::vector<model::WeightView> weights() const final;

 private:
  /// "encoder.layer.N."
  std::string prefix() const;
  at::Tensor self_attention(const at::Tensor& input, const model::SequenceLayout& layout,
                            const model::DropoutSource& dropout, double p) const;
  std::vector<model::WeightView> projection_weights() const;
  /// All but the projections'.
  std::vector<model::Parameter> other_parameters() const;

  model::BertConfig config_;
  int64_t index_;
  PlainOperators operators_;
  std::vector<model::Linear> projections_;  ///< to Q, K and V, or one with rows Q; K; V
  model::Linear attention_output_;
  model::LayerNorm attention_norm_;
  model::Linear intermediate_;
  model::Linear output_;
  model::LayerNorm output_norm_;
};

}  // namespace baseline
