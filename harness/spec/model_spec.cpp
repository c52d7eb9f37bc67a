#include "harness/spec/model_spec.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "harness/protocol/model_axis.h"
#include "harness/spec/bert_config.h"
#include "harness/spec/limits.h"
#include "harness/spec/presets.h"

namespace harness {
namespace {

struct ShapeInteger {
  const char* key;
  int64_t ModelShape::*member;
  int64_t high;
};

constexpr ShapeInteger kShapeIntegers[] = {
    {"layers", &ModelShape::layers, kMaxLayers},
    {"hidden", &ModelShape::hidden, kMaxHidden},
    {"heads", &ModelShape::heads, kMaxHeads},
    {"intermediate", &ModelShape::intermediate, kMaxIntermediate},
    {"vocabulary", &ModelShape::vocabulary, kMaxVocabulary},
    {"max_positions", &ModelShape::max_positions, kMaxSequenceLength},
    {"token_types", &ModelShape::token_types, kMaxTokenTypes},
};

/// The scalars of one model by key, wherever they stand: in `model` or as a value of an axis.
using Scalars = std::map<std::string, SpecNode>;

void apply_dropout(const SpecNode& node, ModelShape& shape) {
  if (node.json().is_object()) {
    node.only_keys({"attention", "hidden"});
    shape.attention_dropout = read_dropout(node.at("attention"));
    shape.hidden_dropout = read_dropout(node.at("hidden"));
    return;
  }
  shape.attention_dropout = read_dropout(node);
  shape.hidden_dropout = shape.attention_dropout;
}

ModelShape base_shape(const Scalars& scalars, const SpecNode& model) {
  const auto preset = scalars.find("preset");
  const auto config = scalars.find("config");
  if ((preset == scalars.end()) == (config == scalars.end())) {
    model.fail("exactly one of 'preset' and 'config' is needed",
               "give one of them, in 'model' or as an axis");
  }
  if (preset != scalars.end()) {
    return preset_shape(preset->second.name_among(preset_names(), "preset"));
  }
  return read_bert_config(config->second.existing_file());
}

ModelShape resolve(const Scalars& scalars, const SpecNode& model) {
  ModelShape shape = base_shape(scalars, model);
  for (const auto& [key, member, high] : kShapeIntegers) {
    if (const auto found = scalars.find(key); found != scalars.end()) {
      shape.*member = found->second.integer(1, high);
    }
  }
  for (const auto& [key, node] : scalars) {
    if (key == "layer_norm") {
      shape.layer_norm = node.name_among({"post", "pre"}, "layer-norm placement");
    } else if (key == "gelu") {
      shape.gelu = node.name_among({"erf", "tanh"}, "GELU");
    } else if (key == "layer_norm_eps") {
      shape.layer_norm_eps = read_layer_norm_eps(node);
    } else if (key == "dropout") {
      apply_dropout(node, shape);
    }
  }
  if (shape.hidden % shape.heads != 0) {
    const auto heads = scalars.find("heads");
    const SpecNode& culprit = heads == scalars.end() ? model : heads->second;
    culprit.fail(
        fmt::format("hidden size {} cannot be split among {} heads", shape.hidden, shape.heads),
        "choose 'heads' so that it divides 'hidden'");
  }
  return shape;
}

/// Every combination of the axes' values; the first axis varies slowest.
std::vector<Scalars> combine(const Scalars& fixed,
                             const std::vector<std::pair<std::string, std::vector<SpecNode>>>& axes,
                             const SpecNode& root) {
  std::vector<Scalars> combinations = {fixed};
  for (const auto& [name, values] : axes) {
    if (combinations.size() * values.size() > static_cast<std::size_t>(kMaxCells)) {
      root.fail_at("axes", fmt::format("the sweep has more than {} cells", kMaxCells),
                   "use fewer values");
    }
    std::vector<Scalars> longer;
    for (const Scalars& scalars : combinations) {
      for (const SpecNode& value : values) {
        longer.push_back(scalars);
        longer.back().emplace(name, value);
      }
    }
    combinations = std::move(longer);
  }
  return combinations;
}

std::vector<SpecNode> axis_values(const SpecNode& axis) {
  const std::vector<SpecNode> values = axis.elements();
  std::vector<std::string> texts;
  for (const SpecNode& value : values) {
    if (!value.json().is_string() && !value.json().is_number()) {
      value.fail(fmt::format("expected a string or a number, got {}", value.shown()),
                 "an axis of the model takes scalars");
    }
    texts.push_back(model_axis_text(value.json()));
  }
  require_distinct(values, texts);
  return values;
}

}  // namespace

double read_dropout(const SpecNode& node) {
  const double probability = node.number();
  if (!(probability >= 0 && probability < 1)) {
    node.fail(fmt::format("dropout {} is not a probability below 1", node.shown()),
              "give 0 <= p < 1");
  }
  return probability;
}

double read_layer_norm_eps(const SpecNode& node) {
  const double eps = node.number();
  if (!(eps > 0 && eps < 1)) {
    node.fail(fmt::format("layer-norm epsilon {} is out of range", node.shown()),
              "give a number above 0 and below 1, as 1e-12");
  }
  return eps;
}

std::vector<ModelVariant> read_models(const SpecNode& root) {
  const SpecNode model = root.at("model");
  model.only_keys({kModelAxes.begin(), kModelAxes.end()});
  Scalars fixed;
  for (const std::string& key : model.keys()) {
    fixed.emplace(key, model.at(key));
  }
  const SpecNode axes_node = root.at("axes");
  std::vector<std::pair<std::string, std::vector<SpecNode>>> axes;
  for (const std::string& name : axes_node.keys()) {
    if (!is_model_axis(name)) {
      continue;
    }
    const SpecNode axis = axes_node.at(name);
    if (fixed.contains(name)) {
      axis.fail("the axis is also given in 'model'", "keep one of them");
    }
    axes.emplace_back(name, axis_values(axis));
  }
  std::vector<ModelVariant> variants;
  for (const Scalars& scalars : combine(fixed, axes, root)) {
    ModelVariant variant{{}, resolve(scalars, model)};
    for (const auto& [name, values] : axes) {
      variant.axes.emplace_back(name, model_axis_text(scalars.at(name).json()));
    }
    // By name, as a cell's JSON has them.
    std::sort(variant.axes.begin(), variant.axes.end());
    variants.push_back(std::move(variant));
  }
  return variants;
}

}  // namespace harness
