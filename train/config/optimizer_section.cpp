#include "train/config/optimizer_section.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "train/config/number_range.h"

namespace train {
namespace {

OptimizerKind read_kind(const json::Node& node) {
  std::string name = node.text();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name == "adam") return OptimizerKind::kAdam;
  if (name == "adamw") return OptimizerKind::kAdamW;
  if (name == "lamb") return OptimizerKind::kLamb;
  node.fail(fmt::format("optimizer {} is not supported; give \"Adam\", \"AdamW\" or \"Lamb\"",
                        node.shown()));
}

void read_betas(const json::Node& node, OptimizerConfig& optimizer) {
  const std::vector<json::Node> betas = node.elements();
  if (betas.size() != 2) node.fail(fmt::format("expected two numbers, found {}", node.shown()));
  optimizer.beta1 = number_below_one(betas[0]);
  optimizer.beta2 = number_below_one(betas[1]);
}

/// Lamb's bounds of the trust ratio; other types have none.
void read_coefficients(const json::Node& params, OptimizerConfig& optimizer) {
  const auto read = [&](const char* key, double& value) {
    const auto node = params.find(key);
    if (!node) return;
    if (optimizer.kind != OptimizerKind::kLamb) node->fail("only Lamb has it; remove it");
    value = positive_number(*node);
  };
  read("max_coeff", optimizer.max_coefficient);
  read("min_coeff", optimizer.min_coefficient);
  if (optimizer.min_coefficient > optimizer.max_coefficient) {
    params.fail(fmt::format("min_coeff {} is larger than max_coeff {}; give a smaller one",
                            optimizer.min_coefficient, optimizer.max_coefficient));
  }
}

void read_params(const json::Node& params, OptimizerConfig& optimizer) {
  const auto read = [&params](const char* key, auto& value, auto as) {
    if (const auto node = params.find(key)) value = as(*node);
  };
  const auto boolean = [](const json::Node& node) { return node.boolean(); };
  read("lr", optimizer.learning_rate, non_negative_number);
  read("eps", optimizer.eps, positive_number);
  read("weight_decay", optimizer.weight_decay, non_negative_number);
  read("bias_correction", optimizer.bias_correction, boolean);
  if (const auto betas = params.find("betas")) read_betas(*betas, optimizer);
  read_coefficients(params, optimizer);
  if (const auto mode = params.find("adam_w_mode")) {
    if (optimizer.kind == OptimizerKind::kLamb) mode->fail("only Adam has it; remove it");
    if (!mode->boolean()) {
      mode->fail(
          "weight decay as a part of the gradient is not supported; give true, or remove it");
    }
  }
}

}  // namespace

OptimizerConfig read_optimizer(const json::Node& node) {
  OptimizerConfig optimizer;
  optimizer.kind = read_kind(node.member("type"));
  if (const auto params = node.find("params")) read_params(*params, optimizer);
  return optimizer;
}

}  // namespace train
