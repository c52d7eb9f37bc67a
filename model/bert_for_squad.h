#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/core/TensorOptions.h>

#include "model/batch.h"
#include "model/bert_config.h"
#include "model/dropout_source.h"
#include "model/encoder_layer.h"
#include "model/implementation.h"
#include "model/layer_norm.h"
#include "model/linear.h"
#include "model/parameter.h"
#include "model/span_loss.h"

namespace model {

struct BertOptions {
  LayerFlags flags = {};
  bool activation_checkpoint = false;
  /// Device cpu or meta; dtype fp32, bf16, fp64, or on meta also fp16.
  at::TensorOptions tensors = {};
};

/// BERT with the SQuAD span head: embeddings, encoder layers of one implementation, for Pre-LN a
/// final LayerNorm, and a linear layer to start and end logits. All but the layers is plain
/// LibTorch, the same for every implementation.
class BertForSquad {
 public:
  /// Weights are uninitialized. Throws std::invalid_argument for a shape that cannot be (sizes
  /// below 1, hidden not a multiple of heads), and where two weights have one name.
  BertForSquad(const BertConfig& config, const Implementation& implementation,
               const BertOptions& options);

  /// Matrices and embeddings from N(0, 0.02), LayerNorm 1 and 0, biases 0. The numbers of a weight
  /// follow from `seed` and its HuggingFace name, so that every implementation starts from the same
  /// weights (rounded to its dtype). Nothing happens on meta.
  void initialize(uint64_t seed);

  /// Hidden states of the last layer, [batch, padded_length, hidden]; packed: [rows, hidden].
  at::Tensor encode(const Batch& batch, const DropoutSource& dropout, bool training) const;

  /// Start and end logits [batch, padded_length, 2]; packed: [rows, 2].
  at::Tensor forward(const Batch& batch, const DropoutSource& dropout, bool training) const;

  std::vector<Parameter> parameters() const;
  std::vector<WeightView> weights() const;
  const BertConfig& config() const { return config_; }

 private:
  at::Tensor embed(const Batch& batch, const DropoutSource& dropout, bool training) const;

  BertConfig config_;
  Parameter word_embeddings_;
  Parameter position_embeddings_;
  Parameter token_type_embeddings_;
  LayerNorm embeddings_norm_;
  std::vector<std::unique_ptr<EncoderLayer>> layers_;
  LayerNorm final_norm_;  ///< Pre-LN only
  Linear span_head_;
};

}  // namespace model
