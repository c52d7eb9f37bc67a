#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace harness {

/// Everything about the model that changes time or memory. A cell carries it in full, so that a
/// worker needs neither a preset table nor the user's config.json.
struct ModelShape {
  std::string preset;  ///< preset name, or the file name of the BERT config it came from
  int64_t layers = 0;
  int64_t hidden = 0;
  int64_t heads = 0;
  int64_t intermediate = 0;
  int64_t vocabulary = 0;
  int64_t max_positions = 0;
  int64_t token_types = 0;
  double layer_norm_eps = 1e-12;
  std::string layer_norm = "post";  ///< "post" or "pre"
  std::string gelu = "erf";         ///< "erf" or "tanh"
  double attention_dropout = 0.1;
  double hidden_dropout = 0.1;

  bool operator==(const ModelShape&) const = default;
};

void to_json(nlohmann::json& json, const ModelShape& shape);
/// Throws ProtocolError on a missing, mistyped or unknown key.
void from_json(const nlohmann::json& json, ModelShape& shape);

}  // namespace harness
