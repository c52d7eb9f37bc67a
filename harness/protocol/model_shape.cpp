#include "harness/protocol/model_shape.h"

#include "harness/protocol/strict_object.h"

namespace harness {

template <typename Visitor, typename Shape>
static void describe(Visitor& field, Shape& shape) {
  field("preset", shape.preset);
  field("layers", shape.layers);
  field("hidden", shape.hidden);
  field("heads", shape.heads);
  field("intermediate", shape.intermediate);
  field("vocabulary", shape.vocabulary);
  field("max_positions", shape.max_positions);
  field("token_types", shape.token_types);
  field("layer_norm_eps", shape.layer_norm_eps);
  field("layer_norm", shape.layer_norm);
  field("gelu", shape.gelu);
  field("attention_dropout", shape.attention_dropout);
  field("hidden_dropout", shape.hidden_dropout);
}

void to_json(nlohmann::json& json, const ModelShape& shape) {
  write_fields(json, shape);
}
void from_json(const nlohmann::json& json, ModelShape& shape) {
  read_fields(json, shape);
}

}  // namespace harness
