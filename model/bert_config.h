#pragma once

#include <cstdint>

namespace model {

enum class LayerNormPlacement { kPost, kPre };
enum class Gelu { kErf, kTanh };

/// Shape and hyper-parameters of a BERT encoder with the SQuAD span head.
struct BertConfig {
  int64_t layers = 0;
  int64_t hidden = 0;
  int64_t heads = 0;
  int64_t intermediate = 0;
  int64_t vocabulary = 0;
  int64_t max_positions = 0;
  int64_t token_types = 0;
  double layer_norm_eps = 1e-12;
  LayerNormPlacement layer_norm = LayerNormPlacement::kPost;
  Gelu gelu = Gelu::kErf;
  double attention_dropout = 0.1;
  double hidden_dropout = 0.1;

  int64_t head_dim() const { return hidden / heads; }
};

}  // namespace model
