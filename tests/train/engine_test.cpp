#include "train/engine.h"

#include <cmath>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/engine_run.h"

namespace train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Hysteresis 1: the first overflow halves the scale.
LossScaleConfig loss_scale(double initial) {
  LossScaleConfig config;
  config.initial = initial;
  config.hysteresis = 1;
  return config;
}

template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

TEST(Engine, gradients_do_not_depend_on_the_split_into_micro_batches) {
  EngineRun whole({.micro_batch = 12}, {.dtype = at::kDouble});
  EXPECT_EQ(whole.step(), StepOutcome::kUpdated);
  const auto expected = tiny::gradients(whole.bert);
  for (const int64_t micro_batch : {1, 2, 3, 4, 6}) {
    EngineRun split({.micro_batch = micro_batch, .accumulation_steps = 12 / micro_batch},
                    {.dtype = at::kDouble});
    EXPECT_EQ(split.step(), StepOutcome::kUpdated);
    EXPECT_NEAR(split.loss, whole.loss, 1e-12);
    const auto [name, error] = tiny::worst_gradient(tiny::gradients(split.bert), expected);
    EXPECT_LT(error, 1e-10) << name << " at micro-batch " << micro_batch;
  }
}

TEST(Engine, updates_in_the_last_round_of_a_step_alone) {
  EngineRun run({.micro_batch = 2, .accumulation_steps = 3});
  const auto before = run.snapshot();
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(run.engine.is_gradient_accumulation_boundary(), i == 2);
    run.engine.backward(run.forward(i));
    EXPECT_TRUE(same_bits(run.snapshot(), before));
    EXPECT_EQ(run.engine.global_step(), 0U);
    EXPECT_EQ(run.engine.step(), i == 2 ? StepOutcome::kUpdated : StepOutcome::kAccumulated);
  }
  EXPECT_FALSE(same_bits(run.snapshot(), before));
  EXPECT_EQ(run.engine.global_step(), 1U);
  EXPECT_FALSE(run.engine.is_gradient_accumulation_boundary());
}

/// Counts what the model asks of it, the first thing that a forward pass does after the lookup.
struct CountingDropout : model::DropoutSource {
  at::Tensor apply(const at::Tensor& input, double, const model::DropoutKey& key,
                   const model::SequenceLayout&) const override {
    ++calls;
    last_key = key;
    return input;
  }
  mutable int calls = 0;
  mutable model::DropoutKey last_key;
};

TEST(Engine, a_batch_larger_than_the_micro_batch_is_refused_before_any_layer_runs) {
  EngineRun run({.micro_batch = 3});
  CountingDropout dropout;
  Engine engine(run.bert, dropout, *run.optimizer, {.micro_batch = 2});
  const auto [batch, targets] = run.batch(0, 0);
  EXPECT_THAT(error_of([&] { engine.forward(batch, targets); }),
              HasSubstr("a batch of 3 sequences is larger than the micro-batch of 2"));
  EXPECT_THROW(engine.forward(batch, targets), std::invalid_argument);
  EXPECT_EQ(dropout.calls, 0);
  const auto windows = tiny::windows(2, EngineRun::kLength);
  engine.backward(
      engine.forward(model::make_batch(windows, EngineRun::kLength, 0, at::kFloat), targets));
  EXPECT_EQ(engine.step(), StepOutcome::kUpdated);
}

TEST(Engine, dropout_is_keyed_by_seed_and_step) {
  EngineRun run({.micro_batch = 2});
  CountingDropout dropout;
  Engine engine(run.bert, dropout, *run.optimizer, {.micro_batch = 2, .dropout_seed = 7});
  const auto [batch, targets] = run.batch(0, 0);
  for (const uint64_t step : {0, 1, 5, 6}) {
    if (step == 5) engine.begin_step(5);
    engine.backward(engine.forward(batch, targets));
    EXPECT_EQ(dropout.last_key.seed, 7U);
    EXPECT_EQ(dropout.last_key.step, step);
    EXPECT_EQ(engine.global_step(), step);
    engine.step();
  }
}

TEST(Engine, calls_in_another_order_say_what_must_come) {
  EngineRun run({.micro_batch = 2, .accumulation_steps = 2});
  const auto loss = at::zeros({}).requires_grad_();
  EXPECT_THAT(error_of([&] { run.engine.backward(loss); }),
              HasSubstr("Engine::backward was called where forward must come next"));
  EXPECT_THAT(error_of([&] { run.engine.step(); }), HasSubstr("where forward must come"));
  const at::Tensor first = run.forward();
  EXPECT_THAT(error_of([&] { run.forward(); }), HasSubstr("where backward must come"));
  EXPECT_THAT(error_of([&] { run.engine.step(); }), HasSubstr("where backward must come"));
  run.engine.backward(first);
  EXPECT_THAT(error_of([&] { run.engine.backward(first); }), HasSubstr("where step must come"));
  EXPECT_THAT(error_of([&] { run.forward(); }), HasSubstr("where step must come"));
  EXPECT_THAT(error_of([&] { run.engine.state(); }), HasSubstr("state was called within a step"));
  run.engine.step();
  EXPECT_THROW(run.engine.restore({}), std::logic_error);
  run.engine.backward(run.forward(1));
  EXPECT_EQ(run.engine.step(), StepOutcome::kUpdated);
  EXPECT_EQ(run.engine.state().updates, 1U);
}

TEST(Engine, a_step_begun_anew_forgets_what_it_had_accumulated) {
  EngineRun run({.micro_batch = 2, .accumulation_steps = 2});
  EngineRun interrupted({.micro_batch = 2, .accumulation_steps = 2});
  interrupted.engine.backward(interrupted.forward(1));
  interrupted.engine.begin_step(0);
  run.step();
  interrupted.step();
  EXPECT_TRUE(same_bits(interrupted.snapshot(), run.snapshot()));
}

TEST(Engine, every_update_has_the_schedules_learning_rate) {
  const WarmupLinearSchedule schedule{.maximum = 1, .warmup_proportion = 0.5, .total_steps = 4};
  EngineRun run({.micro_batch = 2, .schedule = schedule, .loss_scale = loss_scale(16)});
  std::vector<double> rates;
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(run.step(), StepOutcome::kUpdated);
    rates.push_back(run.engine.learning_rate());
  }
  EXPECT_THAT(rates, ElementsAre(0, 0.5, 0.5));
}

TEST(Engine, a_loss_scale_that_is_a_power_of_two_changes_no_bit) {
  EngineRun plain({.micro_batch = 2, .accumulation_steps = 2});
  EngineRun scaled({.micro_batch = 2, .accumulation_steps = 2, .loss_scale = loss_scale(1024)});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(plain.step(), StepOutcome::kUpdated);
    EXPECT_EQ(scaled.step(), StepOutcome::kUpdated);
    EXPECT_EQ(scaled.loss, plain.loss);
  }
  EXPECT_EQ(scaled.engine.loss_scale(), 1024);
  EXPECT_EQ(plain.engine.loss_scale(), 1);
  EXPECT_TRUE(same_bits(scaled.snapshot(), plain.snapshot()));
}

TEST(Engine, an_overflow_skips_the_step_and_halves_the_scale) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    const WarmupLinearSchedule schedule{.maximum = 1, .warmup_proportion = 1, .total_steps = 10};
    EngineRun run({.micro_batch = 2,
                   .accumulation_steps = 2,
                   .schedule = schedule,
                   .loss_scale = loss_scale(256)},
                  {.dtype = dtype});
    run.step();
    ASSERT_EQ(run.step(), StepOutcome::kUpdated);
    const auto before = run.snapshot();
    EngineState state = run.engine.state();
    const double too_large = std::ldexp(1, 200);  // fp32 ends at 2^128
    state.loss_scale->scale = too_large;
    run.engine.restore(state);
    EXPECT_EQ(run.step(), StepOutcome::kOverflowed);
    EXPECT_TRUE(std::isfinite(run.loss));
    EXPECT_TRUE(same_bits(run.snapshot(), before));
    EXPECT_EQ(run.engine.loss_scale(), too_large / 2);
    EXPECT_EQ(run.engine.global_step(), 3U);
    EXPECT_EQ(run.engine.state().updates, 2U);
    // The next step is as if the skipped one had not been, but for its number.
    state.loss_scale->scale = 256;
    state.global_step = 3;
    run.engine.restore(state);
    EXPECT_EQ(run.step(), StepOutcome::kUpdated);
    EXPECT_DOUBLE_EQ(run.engine.learning_rate(), 0.2);
    EXPECT_FALSE(same_bits(run.snapshot(), before));
  }
}

TEST(Engine, training_that_overflows_at_the_smallest_scale_has_diverged) {
  LossScaleConfig config = loss_scale(std::ldexp(1, 200));
  config.minimum = config.initial;
  EngineRun run({.micro_batch = 2, .loss_scale = config});
  EXPECT_THAT(error_of([&] { run.step(); }), HasSubstr("training has diverged"));
}

TEST(Engine, a_state_with_or_without_a_loss_scale_fits_its_like_alone) {
  EngineRun plain({.micro_batch = 2});
  EngineRun scaled({.micro_batch = 2, .loss_scale = loss_scale(16)});
  EXPECT_THROW(plain.engine.restore(scaled.engine.state()), std::invalid_argument);
  EXPECT_THROW(scaled.engine.restore(plain.engine.state()), std::invalid_argument);
  EngineState beyond = scaled.engine.state();
  beyond.loss_scale->scale = -1;
  EXPECT_THROW(scaled.engine.restore(beyond), std::invalid_argument);
}

/// Stands for other processes: adds to every gradient what it holds already.
struct DoublingReduction : GradientReduction {
  explicit DoublingReduction(std::vector<std::string>* calls_in) : calls(calls_in) {}
  void begin_last_backward() override { calls->push_back("begin_last_backward"); }
  void finish() override {
    calls->push_back("finish");
    for (const model::Parameter& parameter : parameters) parameter.tensor.mutable_grad().mul_(2);
  }
  bool any(bool here) override { return here || elsewhere; }
  double sum(double here) override { return 2 * here; }
  int rank() const override { return 0; }
  int processes() const override { return 2; }

  std::vector<std::string>* calls;
  std::vector<model::Parameter> parameters;
  bool elsewhere = false;
};

TEST(Engine, adds_up_the_gradients_of_all_processes_once_a_step) {
  std::vector<std::string> calls;
  DoublingReduction reduction(&calls);
  EngineRun alone({.micro_batch = 2, .accumulation_steps = 2, .max_gradient_norm = {}});
  EngineRun run({.micro_batch = 2, .accumulation_steps = 2, .max_gradient_norm = {}},
                {.reduction = &reduction});
  reduction.parameters = run.bert.parameters();
  alone.step();
  for (int64_t i = 0; i < 2; ++i) {
    const at::Tensor loss = run.forward(i);
    calls.push_back("backward");
    run.engine.backward(loss);
    calls.push_back("step");
    run.engine.step();
  }
  EXPECT_THAT(calls,
              ElementsAre("backward", "step", "backward", "begin_last_backward", "step", "finish"));
  const auto expected = tiny::gradients(alone.bert);
  const auto doubled = tiny::gradients(run.bert);
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(at::equal(doubled[i].second, 2 * expected[i].second)) << expected[i].first;
  }
}

TEST(Engine, skips_a_step_that_overflowed_in_another_process) {
  std::vector<std::string> calls;
  DoublingReduction reduction(&calls);
  EngineRun run({.micro_batch = 2, .loss_scale = loss_scale(16)}, {.reduction = &reduction});
  const auto before = run.snapshot();
  reduction.elsewhere = true;
  EXPECT_EQ(run.step(), StepOutcome::kOverflowed);
  EXPECT_TRUE(same_bits(run.snapshot(), before));
  EXPECT_EQ(run.engine.loss_scale(), 8);
}

TEST(Engine, sizes_below_1_are_refused) {
  EXPECT_THROW(EngineRun({.micro_batch = 0}), std::invalid_argument);
  EXPECT_THROW(EngineRun({.accumulation_steps = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace train
