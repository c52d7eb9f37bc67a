#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "model/batch.h"
#include "model/bert_for_squad.h"
#include "model/stock_dropout.h"

namespace tiny {

/// A small BERT with awkward sizes: head_dim 5, intermediate no multiple of hidden, no dropout.
inline model::BertConfig config() {
  model::BertConfig config;
  config.layers = 2;
  config.hidden = 15;
  config.heads = 3;
  config.intermediate = 37;
  config.vocabulary = 41;
  config.max_positions = 24;
  config.token_types = 2;
  config.attention_dropout = 0;
  config.hidden_dropout = 0;
  return config;
}

/// `count` windows of 1..max_length tokens; every third has no start, every fifth no end.
inline std::vector<model::Window> windows(int64_t count, int64_t max_length, uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::vector<model::Window> windows;
  for (int64_t i = 0; i < count; ++i) {
    model::Window window;
    const auto length = static_cast<int64_t>(random()) % max_length + 1;
    for (int64_t position = 0; position < length; ++position) {
      window.input_ids.push_back(static_cast<int64_t>(random() % 41));
      window.token_type_ids.push_back(position * 2 > length ? 1 : 0);
    }
    if (i % 3 != 2) window.start_position = static_cast<int64_t>(random()) % length;
    if (i % 5 != 4) window.end_position = static_cast<int64_t>(random()) % length;
    windows.push_back(std::move(window));
  }
  return windows;
}

inline model::StockDropout stock_dropout() {
  return model::StockDropout(model::StockDropout::Path::kDispatch);
}

/// Initial weights by name and seed, with noise on all of them so that LayerNorm weights and biases
/// are not 1 and 0 and a mix-up shows.
inline void randomize(model::BertForSquad& bert, uint64_t seed) {
  const at::NoGradGuard no_grad;
  bert.initialize(seed);
  for (const model::WeightView& weight : bert.weights()) {
    const at::Generator generator =
        at::detail::createCPUGenerator(std::hash<std::string>()(weight.name) ^ seed);
    const at::Tensor noise = at::empty(weight.value().sizes(), at::TensorOptions(at::kFloat));
    weight.value().add_(noise.normal_(0.0, 0.2, generator));
  }
}

/// All gradients by HuggingFace name, in double; undefined ones as they are.
inline std::vector<std::pair<std::string, at::Tensor>> gradients(const model::BertForSquad& bert) {
  std::vector<std::pair<std::string, at::Tensor>> all;
  for (const model::WeightView& weight : bert.weights()) {
    const at::Tensor gradient = weight.gradient();
    all.emplace_back(weight.name, gradient.defined() ? gradient.to(at::kDouble) : gradient);
  }
  return all;
}

/// Largest absolute difference, relative to the largest absolute value of `expected` or to `floor`.
inline double relative_error(const at::Tensor& actual, const at::Tensor& expected,
                             double floor = 1e-30) {
  const at::Tensor reference = expected.to(at::kDouble);
  const double scale = std::max(floor, reference.abs().max().item<double>());
  return (actual.to(at::kDouble) - reference).abs().max().item<double>() / scale;
}

/// The name of the gradient that differs most, and how much: relative to its own largest value, or
/// to 1 % of the largest gradient of all (the gradients of a key's bias, of the span head's bias
/// and of the last LayerNorm's bias are 0 but for rounding).
inline std::pair<std::string, double> worst_gradient(
    const std::vector<std::pair<std::string, at::Tensor>>& actual,
    const std::vector<std::pair<std::string, at::Tensor>>& expected) {
  double largest = 0;
  for (const auto& [name, gradient] : expected) {
    largest = std::max(largest, gradient.abs().max().item<double>());
  }
  std::pair<std::string, double> worst = {"", 0};
  for (const auto& [name, gradient] : expected) {
    const auto same = std::find_if(actual.begin(), actual.end(),
                                   [&](const auto& candidate) { return candidate.first == name; });
    if (same == actual.end() || !same->second.defined()) return {name + " is missing", 1e30};
    const double error = relative_error(same->second, gradient, 0.01 * largest);
    if (!(error <= worst.second)) worst = {name, error};
  }
  return worst;
}

}  // namespace tiny
