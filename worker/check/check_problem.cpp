#include "worker/check/check_problem.h"

#include <random>
#include <string>
#include <vector>

#include "model/span_loss.h"
#include "worker/cell_model.h"

namespace worker {
namespace {

constexpr int64_t kVocabulary = 61;
constexpr int64_t kTokenTypes = 2;

uint64_t hash(const std::string& text) {
  uint64_t value = 0xcbf29ce484222325U;  // FNV-1a
  for (const char character : text) {
    value = (value ^ static_cast<uint8_t>(character)) * 0x100000001b3U;
  }
  return value;
}

model::Window window(int64_t length, int64_t start, int64_t end, std::mt19937_64& random) {
  model::Window result;
  for (int64_t i = 0; i < length; ++i) {
    result.input_ids.push_back(static_cast<int64_t>(random() % kVocabulary));
    result.token_type_ids.push_back(i >= length / 2 ? 1 : 0);
  }
  result.start_position = start;
  result.end_position = end;
  return result;
}

at::Tensor normal_tensor(at::IntArrayRef sizes, uint64_t seed, double mean, double deviation) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(mean, deviation);
  at::Tensor tensor = at::empty(sizes, at::kDouble);
  double* const values = tensor.mutable_data_ptr<double>();
  for (int64_t i = 0; i < tensor.numel(); ++i) values[i] = normal(random);
  return tensor;
}

/// Mean and spread of a weight's values.
struct Distribution {
  double mean;
  double deviation;
};

Distribution distribution_of(const std::string& name) {
  if (name.find("LayerNorm.weight") != std::string::npos) return {1.0, 0.3};
  if (name.find("LayerNorm.bias") != std::string::npos) return {0.0, 0.3};
  if (name.find("_embeddings") != std::string::npos) return {0.0, 0.5};
  if (name.find("attention.self") != std::string::npos) return {0.0, 0.15};
  return {0.0, 0.1};
}

}  // namespace

model::BertConfig CheckProblem::config(const harness::ModelShape& shape) {
  auto result = bert_config(shape);
  result.layers = 2;
  result.hidden = 72;
  result.heads = 3;
  result.intermediate = 200;
  result.vocabulary = kVocabulary;
  result.max_positions = kLength + 3;
  result.token_types = kTokenTypes;
  result.attention_dropout = 0.1;
  result.hidden_dropout = 0.15;
  return result;
}

model::Batch CheckProblem::batch(const at::TensorOptions& activations,
                                 model::RowLayout row_layout) {
  std::mt19937_64 random(kSeed);
  const std::vector<model::Window> windows = {window(kLength, 3, 9, random),
                                              window(1, 0, model::kIgnoredTarget, random),
                                              window(20, 11, 19, random)};
  return model::make_batch(windows, kLength, kFirstSequence, activations, row_layout);
}

at::Tensor CheckProblem::tokens(const at::Tensor& tensor, const model::SequenceLayout& layout) {
  const at::Tensor rows = tensor.reshape({layout.rows(), tensor.size(-1)});
  std::vector<at::Tensor> parts;
  for (size_t i = 0; i < layout.lengths.size(); ++i) {
    parts.push_back(rows.narrow(0, layout.offsets[i], layout.lengths[i]));
  }
  return at::cat(parts);
}

at::Tensor CheckProblem::logit_weights(int64_t tokens) {
  return normal_tensor({tokens, 2}, kSeed, 0.0, 0.05);
}

at::Tensor CheckProblem::loss(const at::Tensor& logits, const model::Batch& batch) {
  const at::Tensor squad = model::span_loss(logits, batch, batch.targets);
  const at::Tensor scores = tokens(logits, batch.layout).to(squad.dtype());
  return squad + (scores * logit_weights(scores.size(0)).to(squad.options())).sum();
}

void CheckProblem::fill_weights(const model::BertForSquad& bert, at::ScalarType rounded_to) {
  const at::NoGradGuard no_grad;
  for (const auto& weight : bert.weights()) {
    auto target = weight.value();
    const auto [mean, deviation] = distribution_of(weight.name);
    const auto values = normal_tensor(target.sizes(), kSeed ^ hash(weight.name), mean, deviation);
    if (weight.name.find("LayerNorm.weight") != std::string::npos) {
      values[0] = 0;
      values[1] = 1e-4;
    }
    target.copy_(values.to(rounded_to));
  }
}

}  // namespace worker
