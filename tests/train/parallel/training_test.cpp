// Training in several processes against training in one, which every process here runs for itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "model/window_dataset.h"
#include "tests/model/tiny_bert.h"
#include "tests/train/parallel/processes.h"
#include "train/engine.h"
#include "train/parallel/bucketed_reduction.h"
#include "train/parallel/zero_optimizer.h"

namespace train {
namespace {

constexpr int64_t kGlobalBatch = 24;
constexpr int64_t kAccumulationSteps = 2;
constexpr int64_t kLength = 24;
constexpr uint64_t kSteps = 8;

struct Setting {
  std::string implementation = "fused";
  std::string optimizer = "fused_adamw";
  at::ScalarType dtype = at::kFloat;
  bool zero = false;
  bool activation_checkpoint = false;  ///< a backward pass within the backward pass
  model::RowLayout row_layout = model::RowLayout::kPacked;
};

std::string name_of(const testing::TestParamInfo<Setting>& setting) {
  return setting.param.implementation + (setting.param.dtype == at::kFloat ? "_fp32" : "_bf16") +
         (setting.param.zero ? "_zero" : "");
}

struct Trained {
  std::vector<double> losses;       ///< of the global batch, before each step
  std::vector<at::Tensor> weights;  ///< after the last
};

std::unique_ptr<model::Optimizer> make_optimizer(const model::BertForSquad& bert,
                                                 const Setting& setting) {
  const auto make = [name = setting.optimizer](std::vector<model::Parameter> parameters) {
    return apps::registry().find_optimizer(name)->make(std::move(parameters),
                                                       {.learning_rate = 3e-3});
  };
  if (!setting.zero) return make(bert.parameters());
  return std::make_unique<ZeroOptimizer>(bert.parameters(), make, processes::all());
}

/// Steps of a small BERT with dropout, clipped; this process takes its share of every global batch,
/// or all of it where `alone`.
Trained train(const Setting& setting, bool alone) {
  model::BertConfig config = tiny::config();
  config.attention_dropout = 0.1;
  config.hidden_dropout = 0.1;
  const model::Registry registry = apps::registry();
  model::BertForSquad bert(
      config, *registry.find(setting.implementation),
      {.activation_checkpoint = setting.activation_checkpoint, .tensors = setting.dtype});
  bert.initialize(1);
  const int processes = alone ? 1 : processes::all().size();
  const int64_t micro_batch = kGlobalBatch / kAccumulationSteps / processes;
  const model::WindowDataset data(tiny::windows(60, kLength), {.sequence_length = kLength,
                                                               .sequences_per_step = kGlobalBatch,
                                                               .activations = setting.dtype,
                                                               .row_layout = setting.row_layout});
  const auto dropout = registry.make_keyed_dropout();
  const auto optimizer = make_optimizer(bert, setting);
  BucketedReduction reduction(bert.parameters(), processes::all(), /*bucket_bytes=*/4000);
  Engine engine(bert, *dropout, *optimizer,
                {.micro_batch = micro_batch,
                 .accumulation_steps = kAccumulationSteps,
                 .max_gradient_norm = 0.5},
                alone ? nullptr : &reduction);
  const int64_t first = alone ? 0 : processes::all().rank() * micro_batch * kAccumulationSteps;
  Trained trained;
  for (uint64_t step = 0; step < kSteps; ++step) {
    double loss = 0;
    for (int64_t i = 0; i < kAccumulationSteps; ++i) {
      const auto batch = data.batch(step, first + i * micro_batch, micro_batch);
      const at::Tensor part = engine.forward(batch, data.targets(step));
      engine.backward(part);
      engine.step();
      loss += part.item<double>();
    }
    trained.losses.push_back(alone ? loss : reduction.sum(loss));
  }
  for (const auto& parameter : bert.parameters()) {
    trained.weights.push_back(parameter.tensor.detach());
  }
  return trained;
}

/// Bit for bit.
void expect_same(const Trained& actual, const Trained& expected) {
  EXPECT_EQ(actual.losses, expected.losses);
  for (size_t i = 0; i < expected.weights.size(); ++i) {
    EXPECT_TRUE(at::equal(actual.weights[i], expected.weights[i]));
  }
}

class Settings : public testing::TestWithParam<Setting> {};

TEST_P(Settings, losses_are_those_of_one_process) {
  const Trained one = train(GetParam(), /*alone=*/true);
  const Trained many = train(GetParam(), /*alone=*/false);
  EXPECT_LT(one.losses.back(), one.losses.front() - 0.1);
  const double band = GetParam().dtype == at::kFloat ? 1e-5 : 0.02;
  EXPECT_THAT(many.losses, testing::Pointwise(testing::DoubleNear(band), one.losses));
}

TEST_P(Settings, repeated_runs_and_all_processes_have_the_same_bits) {
  const Trained first = train(GetParam(), /*alone=*/false);
  expect_same(train(GetParam(), /*alone=*/false), first);
  Trained of_process_0 = first;
  for (at::Tensor& weight : of_process_0.weights) weight = weight.clone();
  processes::all().broadcast(of_process_0.weights, 0);
  expect_same(of_process_0, first);
}

Setting eager(bool zero) {
  return {.implementation = "pytorch_eager",
          .optimizer = "adamw",
          .zero = zero,
          .activation_checkpoint = zero,
          .row_layout = model::RowLayout::kPadded};
}

INSTANTIATE_TEST_SUITE_P(of, Settings,
                         testing::Values(Setting{}, Setting{.zero = true}, eager(false),
                                         eager(true), Setting{.dtype = at::kBFloat16},
                                         Setting{.dtype = at::kBFloat16, .zero = true}),
                         &name_of);

}  // namespace
}  // namespace train
