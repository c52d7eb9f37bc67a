#include "checkpoint/names/weight_name.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <span>

#include "checkpoint/names/weight_table.h"

namespace checkpoint::names {
namespace {

constexpr std::string_view kLayers = "bert.encoder.layer.";
constexpr std::string_view kTensorflowLayers = "bert/encoder/layer_";

/// Cut `prefix` off; whether it was there.
bool strip(std::string_view& name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return true;
}

bool begins_with_any(std::string_view name, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

/// Without what dicts and wrappers around the model put in front.
std::string_view unwrapped(std::string_view name) {
  for (const std::string_view key : {"module/", "model_state_dict/", "state_dict/"}) {
    if (strip(name, key)) break;
  }
  while (strip(name, "module.")) {
  }
  return name;
}

/// LayerNorm's gamma and beta of 2019 as weight and bias.
std::string with_new_norm_names(std::string_view name) {
  std::string text(name);
  if (text.ends_with("LayerNorm.gamma")) text.replace(text.size() - 5, 5, "weight");
  if (text.ends_with("LayerNorm.beta")) text.replace(text.size() - 4, 4, "bias");
  return text;
}

struct LayerName {
  std::string_view layer;  ///< its number
  std::string_view rest;
};

std::optional<LayerName> split_layer(std::string_view name, std::string_view prefix,
                                     char separator) {
  if (!strip(name, prefix)) return std::nullopt;
  const size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  const bool is_number = digits > 0 && digits < 6 && (digits == 1 || name[0] != '0');
  if (!is_number || digits == name.size() || name[digits] != separator) return std::nullopt;
  return LayerName{name.substr(0, digits), name.substr(digits + 1)};
}

/// All rows that have `name` in one of their columns (three for a packed Q, K, V).
std::vector<WeightName> find_rows(std::span<const WeightRow> rows, std::string_view name,
                                  const std::string& prefix) {
  std::vector<WeightName> found;
  for (const WeightRow& row : rows) {
    const std::string full = prefix + std::string(row.huggingface);
    if (name == row.tensorflow) {
      found.push_back({full, Part::kWhole, row.transposed});
    } else if (name == row.huggingface || name == row.bing_bert || name == row.bing_bert_pre) {
      found.push_back({full});
    } else if (name == row.kernel) {
      found.push_back({full, row.kernel_part});
    }
  }
  return found;
}

/// Known tensors that are no weights of the encoder or the span head.
bool is_other(std::string_view name) {
  return begins_with_any(name, {"cls.", "cls/", "classifier.", "optimizer/", "lr_scheduler/",
                                "AdamWeightDecayOptimizer", "bert.embeddings.position_ids",
                                "bert.embeddings.token_type_ids"}) ||
         name == "global_step" || name.ends_with("/adam_m") || name.ends_with("/adam_v");
}

std::string_view column(const WeightRow& row, Scheme scheme, bool pre_layer_norm) {
  switch (scheme) {
    case Scheme::kHuggingFace:
      return row.huggingface;
    case Scheme::kTensorFlow:
      return row.tensorflow;
    case Scheme::kBingBert:
      return pre_layer_norm ? row.bing_bert_pre : row.bing_bert;
    case Scheme::kKernel:
      return row.kernel;
  }
  return {};
}

}  // namespace

NameMeaning meaning_of(std::string_view name) {
  std::string text = with_new_norm_names(unwrapped(name));
  if (begins_with_any(text, {"embeddings.", "encoder.", "pooler."})) text = "bert." + text;
  std::vector<WeightName> weights;
  if (const auto layer = split_layer(text, kLayers, '.')) {
    weights = find_rows(kLayerWeights, layer->rest,
                        std::string(kLayers) + std::string(layer->layer) + ".");
  } else if (const auto variable = split_layer(text, kTensorflowLayers, '/')) {
    weights = find_rows(kLayerWeights, variable->rest,
                        std::string(kLayers) + std::string(variable->layer) + ".");
  } else if (!text.empty()) {
    weights = find_rows(kModelWeights, text, "");
  }
  if (!weights.empty()) return {NameKind::kWeight, std::move(weights)};
  return {is_other(text) ? NameKind::kOther : NameKind::kUnknown};
}

std::string name_in(Scheme scheme, std::string_view huggingface_name, bool pre_layer_norm) {
  const auto layer = split_layer(huggingface_name, kLayers, '.');
  const std::span<const WeightRow> rows =
      layer ? std::span<const WeightRow>(kLayerWeights) : std::span<const WeightRow>(kModelWeights);
  const std::string_view wanted = layer ? layer->rest : huggingface_name;
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const WeightRow& candidate) {
    return candidate.huggingface == wanted;
  });
  if (row == rows.end()) return "";
  const std::string found(column(*row, scheme, pre_layer_norm));
  if (!layer || found.empty()) return found;
  const bool is_tensorflow = scheme == Scheme::kTensorFlow;
  return std::string(is_tensorflow ? kTensorflowLayers : kLayers) + std::string(layer->layer) +
         (is_tensorflow ? "/" : ".") + found;
}

}  // namespace checkpoint::names
