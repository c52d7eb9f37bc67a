#include "model/bert_for_squad.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <ATen/record_function.h>

#include "model/checkpointed_layer.h"
#include "model/position_embedding.h"
#include "model/weight_init.h"

namespace model {
namespace {

void check_shape(const BertConfig& config) {
  const std::pair<const char*, int64_t> sizes[] = {{"layers", config.layers},
                                                   {"hidden", config.hidden},
                                                   {"heads", config.heads},
                                                   {"intermediate", config.intermediate},
                                                   {"vocabulary", config.vocabulary},
                                                   {"max_positions", config.max_positions},
                                                   {"token_types", config.token_types}};
  for (const auto& [name, size] : sizes) {
    if (size < 1) {
      throw std::invalid_argument(std::string("BERT's ") + name + " is " + std::to_string(size) +
                                  "; it must be at least 1");
    }
  }
  if (config.hidden % config.heads != 0) {
    throw std::invalid_argument("BERT's hidden size " + std::to_string(config.hidden) +
                                " is not a multiple of its " + std::to_string(config.heads) +
                                " heads");
  }
}

void check_names(const std::vector<WeightView>& weights) {
  std::set<std::string_view> names;
  for (const WeightView& weight : weights) {
    if (!names.insert(weight.name).second) {
      throw std::invalid_argument("BERT has two weights named " + weight.name);
    }
  }
}

}  // namespace

BertForSquad::BertForSquad(const BertConfig& config, const Implementation& implementation,
                           const BertOptions& options)
    : config_(config) {
  check_shape(config);
  const at::TensorOptions& tensors = options.tensors;
  const auto embedding = [&](const char* name, int64_t rows) {
    return make_parameter(std::string("embeddings.") + name + "_embeddings.weight",
                          {rows, config.hidden}, /*decays=*/true, tensors);
  };
  word_embeddings_ = embedding("word", config.vocabulary);
  position_embeddings_ = embedding("position", config.max_positions);
  token_type_embeddings_ = embedding("token_type", config.token_types);
  embeddings_norm_ =
      LayerNorm("embeddings.LayerNorm", config.hidden, config.layer_norm_eps, tensors);
  for (int64_t index = 0; index < config.layers; ++index) {
    auto layer = implementation.make_layer(config, index, options.flags, tensors);
    if (options.activation_checkpoint) {
      layer = std::make_unique<CheckpointedLayer>(std::move(layer));
    }
    layers_.push_back(std::move(layer));
  }
  if (config.layer_norm == LayerNormPlacement::kPre) {
    final_norm_ =
        LayerNorm("encoder.FinalLayerNorm", config.hidden, config.layer_norm_eps, tensors);
  }
  span_head_ = Linear("qa_outputs", config.hidden, 2, tensors);
  check_names(weights());
}

at::Tensor BertForSquad::embed(const Batch& batch, const DropoutSource& dropout,
                               bool training) const {
  RECORD_USER_SCOPE("embeddings");
  at::Tensor sum = at::embedding(word_embeddings_.tensor, batch.input_ids);
  if (batch.layout.packed()) {
    sum = add_positions(sum, position_embeddings_.tensor, batch.layout);
  } else {
    sum.add_(position_embeddings_.tensor.narrow(0, 0, batch.layout.padded_length));
  }
  // A product with one-hot rows instead of a gather: in bf16 the gradient of a table of two rows
  // would otherwise add up thousands of tokens in bf16, one by one.
  const at::Tensor types = at::arange(config_.token_types, batch.token_type_ids.options());
  const at::Tensor one_hot = at::eq(batch.token_type_ids.unsqueeze(-1), types).to(sum.dtype());
  sum.add_(at::matmul(one_hot, token_type_embeddings_.tensor));
  return dropout.apply(embeddings_norm_.forward(sum), training ? config_.hidden_dropout : 0,
                       dropout.key(DropoutSite::kEmbedding, -1), batch.layout);
}

at::Tensor BertForSquad::encode(const Batch& batch, const DropoutSource& dropout,
                                bool training) const {
  if (batch.layout.padded_length > config_.max_positions) {
    throw std::invalid_argument("a sequence length of " +
                                std::to_string(batch.layout.padded_length) + " is beyond BERT's " +
                                std::to_string(config_.max_positions) + " positions");
  }
  at::Tensor hidden = embed(batch, dropout, training);
  for (size_t index = 0; index < layers_.size(); ++index) {
    RECORD_USER_SCOPE("layer " + std::to_string(index));
    hidden = layers_[index]->forward(hidden, batch.layout, dropout, training);
  }
  return config_.layer_norm == LayerNormPlacement::kPre ? final_norm_.forward(hidden) : hidden;
}

at::Tensor BertForSquad::forward(const Batch& batch, const DropoutSource& dropout,
                                 bool training) const {
  const at::Tensor hidden = encode(batch, dropout, training);
  RECORD_USER_SCOPE("span head");
  return span_head_.forward(hidden);
}

std::vector<Parameter> BertForSquad::parameters() const {
  std::vector<Parameter> all = {word_embeddings_, position_embeddings_, token_type_embeddings_,
                                embeddings_norm_.gamma, embeddings_norm_.beta};
  for (const auto& layer : layers_) {
    const std::vector<Parameter> own = layer->parameters();
    all.insert(all.end(), own.begin(), own.end());
  }
  if (config_.layer_norm == LayerNormPlacement::kPre) {
    all.insert(all.end(), {final_norm_.gamma, final_norm_.beta});
  }
  all.insert(all.end(), {span_head_.weight, span_head_.bias});
  return all;
}

std::vector<WeightView> BertForSquad::weights() const {
  std::vector<WeightView> all;
  for (const Parameter& parameter : {word_embeddings_, position_embeddings_, token_type_embeddings_,
                                     embeddings_norm_.gamma, embeddings_norm_.beta}) {
    all.push_back(whole_weight("bert.", parameter));
  }
  for (const auto& layer : layers_) {
    const std::vector<WeightView> own = layer->weights();
    all.insert(all.end(), own.begin(), own.end());
  }
  if (config_.layer_norm == LayerNormPlacement::kPre) {
    all.push_back(whole_weight("bert.", final_norm_.gamma));
    all.push_back(whole_weight("bert.", final_norm_.beta));
  }
  all.push_back(whole_weight("", span_head_.weight));
  all.push_back(whole_weight("", span_head_.bias));
  return all;
}

void BertForSquad::initialize(uint64_t seed) {
  for (const WeightView& weight : weights()) initialize_weight(weight, seed);
}

}  // namespace model
