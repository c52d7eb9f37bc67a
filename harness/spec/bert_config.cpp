#include "harness/spec/bert_config.h"

#include <string>

#include <fmt/format.h>

#include "harness/spec/limits.h"
#include "harness/spec/model_spec.h"
#include "harness/spec/spec_node.h"

namespace harness {
namespace {

/// Configurations of BERT's relatives have the same keys and mean another model.
void require_text(const SpecNode& root, const std::string& key, const std::string& value) {
  const auto node = root.find(key);
  if (node && node->text() != value) {
    node->fail(fmt::format("{} where only \"{}\" is read", node->shown(), value),
               "give the config.json of a BERT with absolute positions");
  }
}

}  // namespace

ModelShape read_bert_config(const std::filesystem::path& file) {
  const SpecJson document = read_json_file(file);
  const SpecNode root(file, document);
  require_text(root, "model_type", "bert");
  require_text(root, "position_embedding_type", "absolute");
  ModelShape shape;
  shape.preset = file.filename().string();
  shape.vocabulary = root.at("vocab_size").integer(1, kMaxVocabulary);
  shape.hidden = root.at("hidden_size").integer(1, kMaxHidden);
  shape.layers = root.at("num_hidden_layers").integer(1, kMaxLayers);
  shape.heads = root.at("num_attention_heads").integer(1, kMaxHeads);
  if (shape.hidden % shape.heads != 0) {
    root.fail_at(
        "num_attention_heads",
        fmt::format("hidden size {} cannot be split among {} heads", shape.hidden, shape.heads),
        "choose a number that divides 'hidden_size'");
  }
  shape.intermediate = root.at("intermediate_size").integer(1, kMaxIntermediate);
  shape.max_positions = root.at("max_position_embeddings").integer(1, kMaxSequenceLength);
  shape.token_types = root.at("type_vocab_size").integer(1, kMaxTokenTypes);
  if (const auto eps = root.find("layer_norm_eps")) {
    shape.layer_norm_eps = read_layer_norm_eps(*eps);
  }
  const std::string activation =
      root.at("hidden_act").name_among({"gelu", "gelu_new", "gelu_pytorch_tanh"}, "hidden_act");
  shape.gelu = activation == "gelu" ? "erf" : "tanh";
  shape.hidden_dropout = read_dropout(root.at("hidden_dropout_prob"));
  shape.attention_dropout = read_dropout(root.at("attention_probs_dropout_prob"));
  return shape;
}

}  // namespace harness
