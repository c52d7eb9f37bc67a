#include "apps/bert_squad/bert_config_file.h"

#include <nlohmann/json.hpp>

namespace apps {

std::string bert_config_text(const model::BertConfig& config) {
  nlohmann::ordered_json json;
  json["architectures"] = {"BertForQuestionAnswering"};
  json["model_type"] = "bert";
  json["vocab_size"] = config.vocabulary;
  json["hidden_size"] = config.hidden;
  json["num_hidden_layers"] = config.layers;
  json["num_attention_heads"] = config.heads;
  json["intermediate_size"] = config.intermediate;
  json["max_position_embeddings"] = config.max_positions;
  json["type_vocab_size"] = config.token_types;
  json["hidden_act"] = config.gelu == model::Gelu::kErf ? "gelu" : "gelu_new";
  json["layer_norm_eps"] = config.layer_norm_eps;
  json["hidden_dropout_prob"] = config.hidden_dropout;
  json["attention_probs_dropout_prob"] = config.attention_dropout;
  return json.dump(2) + "\n";
}

}  // namespace apps
