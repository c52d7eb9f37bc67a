#include "train/initialize.h"

#include <gtest/gtest.h>

#include "tests/train/engine_run.h"
#include "train/lamb.h"

namespace train {
namespace {

EngineConfig config() {
  EngineConfig config;
  config.micro_batch = 2;
  config.accumulation_steps = 2;
  config.max_gradient_norm = 0.5;
  config.optimizer = {.learning_rate = 0.02,
                      .beta1 = 0.8,
                      .beta2 = 0.95,
                      .eps = 1e-3,
                      .weight_decay = 0.1,
                      .bias_correction = false,
                      .max_coefficient = 2,
                      .min_coefficient = 0.5};
  return config;
}

model::OptimizerEntry adamw() {
  return {"adamw",
          [](std::vector<model::Parameter> parameters, const model::AdamWOptions& options) {
            return std::make_unique<AdamW>(std::move(parameters), options);
          }};
}

/// Weights and state after two steps of the engine that `config` describes.
std::vector<at::Tensor> trained(const EngineConfig& config, const MakeOptimizer& make) {
  EngineRun run(
      {.micro_batch = config.micro_batch, .accumulation_steps = config.accumulation_steps});
  const Initialized made = initialize(config, run.bert, run.dropout, make, /*dropout_seed=*/1);
  for (uint64_t step = 0; step < 2; ++step) {
    for (int64_t i = 0; i < config.accumulation_steps; ++i) {
      const auto [batch, targets] = run.batch(step, i);
      made.engine->backward(made.engine->forward(batch, targets));
      made.engine->step();
    }
  }
  std::vector<at::Tensor> all;
  for (const model::Parameter& parameter : run.bert.parameters()) {
    all.push_back(parameter.tensor.detach().clone());
  }
  return all;
}

TEST(Initialize, every_option_of_adam_reaches_the_optimizer) {
  const auto made = trained(config(), optimizer_maker(config().optimizer, adamw()));
  const auto expected = trained(config(), [](std::vector<model::Parameter> parameters) {
    return std::make_unique<AdamW>(std::move(parameters),
                                   model::AdamWOptions{.learning_rate = 0.02,
                                                       .beta1 = 0.8,
                                                       .beta2 = 0.95,
                                                       .eps = 1e-3,
                                                       .weight_decay = 0.1,
                                                       .bias_correction = false});
  });
  EXPECT_TRUE(same_bits(made, expected));
}

TEST(Initialize, every_option_of_lamb_reaches_the_optimizer) {
  EngineConfig lamb = config();
  lamb.optimizer.kind = OptimizerKind::kLamb;
  const auto made = trained(lamb, optimizer_maker(lamb.optimizer, adamw()));
  const auto expected = trained(lamb, [](std::vector<model::Parameter> parameters) {
    return std::make_unique<Lamb>(std::move(parameters), LambOptions{.learning_rate = 0.02,
                                                                     .beta1 = 0.8,
                                                                     .beta2 = 0.95,
                                                                     .eps = 1e-3,
                                                                     .weight_decay = 0.1,
                                                                     .bias_correction = false,
                                                                     .max_coefficient = 2,
                                                                     .min_coefficient = 0.5});
  });
  EXPECT_TRUE(same_bits(made, expected));
}

TEST(Initialize, clipping_schedule_and_loss_scale_reach_the_engine) {
  const MakeOptimizer make = optimizer_maker(config().optimizer, adamw());
  EngineConfig unclipped = config();
  unclipped.max_gradient_norm = {};
  EXPECT_FALSE(same_bits(trained(config(), make), trained(unclipped, make)));
  EngineConfig constant = config();
  constant.schedule = ConstantSchedule{.learning_rate = 0};
  EngineConfig still = config();
  still.optimizer.learning_rate = 0;
  EXPECT_TRUE(same_bits(trained(constant, make),
                        trained(still, optimizer_maker(still.optimizer, adamw()))));

  const EngineRun run({.micro_batch = 2});
  model::StockDropout dropout = tiny::stock_dropout();
  EngineConfig half = config();
  EXPECT_EQ(initialize(half, run.bert, dropout, make, 1).engine->loss_scale(), 1);
  half.precision = Precision::kFp16;
  EXPECT_EQ(initialize(half, run.bert, dropout, make, 1).engine->loss_scale(), 65536);
}

}  // namespace
}  // namespace train
