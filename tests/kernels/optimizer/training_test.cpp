#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "baseline/implementations.h"
#include "kernels/optimizer/fused_adamw.h"
#include "model/window_file.h"
#include "tests/model/tiny_bert.h"
#include "train/optimizer.h"
#include "train/training_step.h"

namespace kernels {
namespace {

const std::string kWindows =
    std::string(BENCH_SOURCE_DIR) + "/sweeps/data/squad_train_384_512.safetensors";

constexpr int64_t kLength = 64;

struct Silent : train::PhaseObserver {
  void enter(train::Phase) override {}
};

struct Trained {
  /// Masters of all parameters less what they were at first, fp64.
  at::Tensor moved;
  std::vector<double> losses;
};

/// 20 steps of a small BERT on SQuAD windows, clipped to a norm that its gradients exceed.
template <class Optimizer>
Trained train(at::ScalarType dtype) {
  model::BertConfig config = tiny::config();
  config.vocabulary = 30522;
  config.max_positions = kLength;
  const auto implementation = baseline::pytorch_tuned();
  model::BertForSquad bert(config, implementation, {.tensors = dtype});
  bert.initialize(1);
  const model::WindowDataset data(
      model::read_window_file(kWindows),
      {.sequence_length = kLength, .sequences_per_step = 4, .activations = dtype});
  const auto dropout = implementation.make_dropout(false);
  const std::vector<model::Parameter> parameters = bert.parameters();
  std::vector<at::Tensor> start;
  for (const auto& parameter : parameters) {
    start.push_back(parameter.tensor.detach().to(at::kDouble, false, /*copy=*/true).flatten());
  }
  Optimizer optimizer(parameters, {.learning_rate = 1e-3});
  Silent observer;
  train::TrainingStep step(bert, data, *dropout, optimizer, observer,
                           {.micro_batch = 2, .accumulation_steps = 2, .max_gradient_norm = 0.5});
  Trained result;
  for (uint64_t i = 0; i < 20; ++i) result.losses.push_back(step.run(i).item<double>());
  std::vector<at::Tensor> moved;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const at::Tensor master = optimizer.master(static_cast<int64_t>(i));
    moved.push_back(master.to(at::kDouble).flatten() - start[i]);
  }
  result.moved = at::cat(moved);
  return result;
}

/// Norm of the difference over the norm of the way that the weights went.
double difference(const Trained& fused, const Trained& plain) {
  return ((fused.moved - plain.moved).norm() / plain.moved.norm()).item<double>();
}

/// Most weights are embeddings of tokens that do not occur: they only decay, by 1e-5 of themselves
/// a step, which either optimizer rounds to multiples of 6e-8 in fp32.
TEST(FusedAdamWTraining, goes_the_way_of_libtorchs_adamw) {
  const auto fused = train<FusedAdamW>(at::kFloat);
  const auto plain = train<train::AdamW>(at::kFloat);
  EXPECT_LT(difference(fused, plain), 0.01);
  for (size_t i = 0; i < 20; ++i) EXPECT_NEAR(fused.losses[i], plain.losses[i], 1e-4);
  EXPECT_LT(plain.losses[19], plain.losses[0] - 0.1);
}

/// LibTorch's clipping rounds the clipped gradients to bf16; the fused optimizer does not.
TEST(FusedAdamWTraining, goes_the_way_of_libtorchs_adamw_in_bf16) {
  const auto fused = train<FusedAdamW>(at::kBFloat16);
  const auto plain = train<train::AdamW>(at::kBFloat16);
  EXPECT_LT(difference(fused, plain), 0.05);
  for (size_t i = 0; i < 20; ++i) EXPECT_NEAR(fused.losses[i], plain.losses[i], 2e-3);
}

}  // namespace
}  // namespace kernels
