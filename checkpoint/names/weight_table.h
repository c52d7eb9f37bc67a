#pragma once

#include <array>
#include <string_view>

#include "checkpoint/names/weight_name.h"

namespace checkpoint::names {

/// One weight under all its names; empty where a scheme has none.
struct WeightRow {
  std::string_view huggingface;
  std::string_view tensorflow;
  std::string_view bing_bert;
  std::string_view bing_bert_pre;  ///< in Pre-LN models
  std::string_view kernel;
  Part kernel_part = Part::kWhole;
  bool transposed = false;  ///< in TensorFlow
};

/// Below "bert.encoder.layer.N." ("bert/encoder/layer_N/").
/// The kernel's norm_w is the LayerNorm at the layer's end (Post-LN) or at its beginning (Pre-LN),
/// attn_nw the one between attention and feed-forward.
inline constexpr std::array<WeightRow, 16> kLayerWeights = {{
    {"attention.self.query.weight", "attention/self/query/kernel", "attention.self.query.weight",
     "attention.self.query.weight", "attn_qkvw", Part::kQuery, true},
    {"attention.self.query.bias", "attention/self/query/bias", "attention.self.query.bias",
     "attention.self.query.bias", "attn_qkvb", Part::kQuery},
    {"attention.self.key.weight", "attention/self/key/kernel", "attention.self.key.weight",
     "attention.self.key.weight", "attn_qkvw", Part::kKey, true},
    {"attention.self.key.bias", "attention/self/key/bias", "attention.self.key.bias",
     "attention.self.key.bias", "attn_qkvb", Part::kKey},
    {"attention.self.value.weight", "attention/self/value/kernel", "attention.self.value.weight",
     "attention.self.value.weight", "attn_qkvw", Part::kValue, true},
    {"attention.self.value.bias", "attention/self/value/bias", "attention.self.value.bias",
     "attention.self.value.bias", "attn_qkvb", Part::kValue},
    {"attention.output.dense.weight", "attention/output/dense/kernel",
     "attention.output.dense.weight", "attention.output.dense.weight", "attn_ow", Part::kWhole,
     true},
    {"attention.output.dense.bias", "attention/output/dense/bias", "attention.output.dense.bias",
     "attention.output.dense.bias", "attn_ob"},
    {"attention.output.LayerNorm.weight", "attention/output/LayerNorm/gamma",
     "attention.output.LayerNorm.weight", "PostAttentionLayerNorm.weight", "attn_nw"},
    {"attention.output.LayerNorm.bias", "attention/output/LayerNorm/beta",
     "attention.output.LayerNorm.bias", "PostAttentionLayerNorm.bias", "attn_nb"},
    {"intermediate.dense.weight", "intermediate/dense/kernel", "intermediate.dense_act.weight",
     "intermediate.dense_act.weight", "inter_w", Part::kWhole, true},
    {"intermediate.dense.bias", "intermediate/dense/bias", "intermediate.dense_act.bias",
     "intermediate.dense_act.bias", "inter_b"},
    {"output.dense.weight", "output/dense/kernel", "output.dense.weight", "output.dense.weight",
     "output_w", Part::kWhole, true},
    {"output.dense.bias", "output/dense/bias", "output.dense.bias", "output.dense.bias",
     "output_b"},
    {"output.LayerNorm.weight", "output/LayerNorm/gamma", "output.LayerNorm.weight",
     "PreAttentionLayerNorm.weight", "norm_w"},
    {"output.LayerNorm.bias", "output/LayerNorm/beta", "output.LayerNorm.bias",
     "PreAttentionLayerNorm.bias", "norm_b"},
}};

/// Outside of the layers, full names.
inline constexpr std::array<WeightRow, 11> kModelWeights = {{
    {"bert.embeddings.word_embeddings.weight", "bert/embeddings/word_embeddings",
     "bert.embeddings.word_embeddings.weight", "bert.embeddings.word_embeddings.weight",
     "bert.embeddings.word_embeddings.weight"},
    {"bert.embeddings.position_embeddings.weight", "bert/embeddings/position_embeddings",
     "bert.embeddings.position_embeddings.weight", "bert.embeddings.position_embeddings.weight",
     "bert.embeddings.position_embeddings.weight"},
    {"bert.embeddings.token_type_embeddings.weight", "bert/embeddings/token_type_embeddings",
     "bert.embeddings.token_type_embeddings.weight", "bert.embeddings.token_type_embeddings.weight",
     "bert.embeddings.token_type_embeddings.weight"},
    {"bert.embeddings.LayerNorm.weight", "bert/embeddings/LayerNorm/gamma",
     "bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.weight",
     "bert.embeddings.LayerNorm.weight"},
    {"bert.embeddings.LayerNorm.bias", "bert/embeddings/LayerNorm/beta",
     "bert.embeddings.LayerNorm.bias", "bert.embeddings.LayerNorm.bias",
     "bert.embeddings.LayerNorm.bias"},
    {"bert.encoder.FinalLayerNorm.weight", "", "", "bert.encoder.FinalLayerNorm.weight",
     "bert.encoder.FinalLayerNorm.weight"},
    {"bert.encoder.FinalLayerNorm.bias", "", "", "bert.encoder.FinalLayerNorm.bias",
     "bert.encoder.FinalLayerNorm.bias"},
    {"bert.pooler.dense.weight", "bert/pooler/dense/kernel", "bert.pooler.dense_act.weight",
     "bert.pooler.dense_act.weight", "bert.pooler.dense_act.weight", Part::kWhole, true},
    {"bert.pooler.dense.bias", "bert/pooler/dense/bias", "bert.pooler.dense_act.bias",
     "bert.pooler.dense_act.bias", "bert.pooler.dense_act.bias"},
    {"qa_outputs.weight", "cls/squad/output_weights", "qa_outputs.weight", "qa_outputs.weight",
     "qa_outputs.weight"},
    {"qa_outputs.bias", "cls/squad/output_bias", "qa_outputs.bias", "qa_outputs.bias",
     "qa_outputs.bias"},
}};

}  // namespace checkpoint::names
