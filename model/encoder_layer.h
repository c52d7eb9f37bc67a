#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/bert_config.h"
#include "model/dropout_source.h"
#include "model/parameter.h"
#include "model/sequence_layout.h"

namespace model {

/// One BERT encoder layer (Vaswani et al. 2017; Devlin et al. 2018), Post-LN or Pre-LN:
///   Post-LN: h = LN_a(x + drop(attention(x)));  y = LN_o(h + drop(ffn(h)))
///   Pre-LN:  h = x + drop(attention(LN_o(x)));  y = h + drop(ffn(LN_a(h)))
/// LN_a, between attention and feed-forward, has the weights "attention.output.LayerNorm", LN_o
/// "output.LayerNorm", in both placements (DeepSpeed's attn_nw and norm_w).
/// Pre-LN has no final LayerNorm of its own: the encoder adds one after the last layer.
class EncoderLayer {
 public:
  virtual ~EncoderLayer() = default;

  /// `hidden` [batch, sequence, hidden] in, the same shape out; differentiable. Dropout acts where
  /// the config's probabilities are above 0 and `training` holds. A layer whose implementation has
  /// remove_padding takes [rows, hidden] too, where `layout` is packed.
  virtual at::Tensor forward(const at::Tensor& hidden, const SequenceLayout& layout,
                             const DropoutSource& dropout, bool training) const = 0;

  virtual std::vector<Parameter> parameters() const = 0;
  /// Full HuggingFace names: "bert.encoder.layer.N." and the names of HuggingFace's BertLayer,
  /// "attention.self.query.weight", "intermediate.dense.bias", "output.LayerNorm.weight", ...
  virtual std::vector<WeightView> weights() const = 0;
};

}  // namespace model
