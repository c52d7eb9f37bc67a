#include "train/training_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/implementations.h"
#include "model/span_loss.h"
#include "model/window_file.h"
#include "tests/model/tiny_bert.h"
#include "train/optimizer.h"
#include "worker/memory/meta_kernels.h"

namespace train {
namespace {

using testing::ElementsAre;

const std::string kWindows =
    std::string(BENCH_SOURCE_DIR) + "/sweeps/data/squad_train_384_512.safetensors";

constexpr int64_t kLength = 96;

struct Recorder : PhaseObserver {
  void enter(Phase phase) override { phases.push_back(phase); }
  std::vector<Phase> phases;
};

/// A whole training run of a small BERT on SQuAD windows cut to 96 tokens.
struct TrainingRun {
  TrainingRun(const model::Implementation& implementation, model::BertConfig config_in,
              const model::BertOptions& options, const EngineOptions& step_options,
              const model::AdamWOptions& adamw = {},
              std::vector<model::Window> windows = model::read_window_file(kWindows))
      : bert(config_in, implementation, options),
        data(std::move(windows),
             {.sequence_length = kLength,
              .sequences_per_step = step_options.micro_batch * step_options.accumulation_steps,
              .activations = options.tensors}),
        dropout(implementation.make_dropout(false)),
        optimizer(bert.parameters(), adamw),
        step(bert, data, *dropout, optimizer, recorder, step_options) {
    at::set_num_threads(1);  // these tensors are too small to share
    bert.initialize(1);
    at::manual_seed(1);
  }

  model::BertForSquad bert;
  model::WindowDataset data;
  std::unique_ptr<model::DropoutSource> dropout;
  AdamW optimizer;
  Recorder recorder;
  TrainingStep step;
};

model::BertConfig config(double dropout = 0) {
  model::BertConfig config = tiny::config();
  config.vocabulary = 30522;
  config.max_positions = kLength;
  config.attention_dropout = dropout;
  config.hidden_dropout = dropout;
  return config;
}

TEST(TrainingStep, gradients_do_not_depend_on_the_split_into_micro_batches) {
  TrainingRun whole(baseline::pytorch_eager(), config(), {.tensors = at::kDouble},
                    {.micro_batch = 12});
  const at::Tensor loss = whole.step.accumulate_gradients(3);
  const auto expected = tiny::gradients(whole.bert);
  // Cut to 96 tokens, many answers are gone: the micro-batches' numbers of targets differ.
  ASSERT_LT(whole.data.targets(3).starts, 12);
  ASSERT_GT(whole.data.targets(3).starts, 0);
  for (const int64_t micro_batch : {1, 3, 4, 6}) {
    TrainingRun split(baseline::pytorch_eager(), config(), {.tensors = at::kDouble},
                      {.micro_batch = micro_batch, .accumulation_steps = 12 / micro_batch});
    const at::Tensor split_loss = split.step.accumulate_gradients(3);
    EXPECT_NEAR(split_loss.item<double>(), loss.item<double>(), 1e-12);
    const auto [name, error] = tiny::worst_gradient(tiny::gradients(split.bert), expected);
    EXPECT_LT(error, 1e-10) << name << " at micro-batch " << micro_batch;
  }
}

TEST(TrainingStep, phases_are_told_in_order) {
  TrainingRun run(baseline::pytorch_tuned(), config(), {.tensors = at::kFloat},
                  {.micro_batch = 2, .accumulation_steps = 2});
  run.step.run(0);
  EXPECT_THAT(run.recorder.phases, ElementsAre(Phase::kForward, Phase::kBackward, Phase::kForward,
                                               Phase::kBackward, Phase::kOptimizer));
}

struct Variant {
  model::Implementation implementation;
  at::ScalarType dtype;
  bool activation_checkpoint;
};

TEST(TrainingStep, a_small_model_learns_sixteen_windows_by_heart) {
  for (const auto& [implementation, dtype, checkpoint] :
       {Variant{baseline::pytorch_eager(), at::kFloat, false},
        Variant{baseline::pytorch_tuned(), at::kFloat, true},
        Variant{baseline::pytorch_tuned(), at::kBFloat16, false}}) {
    model::BertConfig small = config();
    small.layers = 1;
    small.hidden = 48;
    small.intermediate = 96;
    std::vector<model::Window> windows = model::read_window_file(kWindows);
    windows.resize(16);
    TrainingRun run(implementation, small, {.activation_checkpoint = checkpoint, .tensors = dtype},
                    {.micro_batch = 8, .accumulation_steps = 2}, {.learning_rate = 5e-3},
                    std::move(windows));
    const auto train = [&](uint64_t epoch) { return run.step.run(epoch).item<float>(); };
    const float first = train(0);
    for (uint64_t epoch = 1; epoch < 30; ++epoch) train(epoch);
    EXPECT_GT(first, 4.0F);
    EXPECT_LT(train(30), 0.1F * first) << implementation.name << " " << at::toString(dtype);
  }
}

TEST(TrainingStep, the_same_seed_gives_the_same_bits) {
  for (const auto& implementation : {baseline::pytorch_eager(), baseline::pytorch_tuned()}) {
    const auto weights = [&] {
      TrainingRun run(implementation, config(0.1), {.tensors = at::kFloat}, {.micro_batch = 4});
      for (uint64_t step = 0; step < 3; ++step) run.step.run(step);
      std::vector<at::Tensor> values;
      for (const auto& parameter : run.bert.parameters()) values.push_back(parameter.tensor);
      return values;
    };
    const std::vector<at::Tensor> first = weights();
    const std::vector<at::Tensor> second = weights();
    for (size_t i = 0; i < first.size(); ++i) EXPECT_TRUE(at::equal(first[i], second[i]));
  }
}

TEST(TrainingStep, every_precision_runs_a_whole_step_on_meta) {
  worker::install_meta_kernels();
  for (const auto& implementation : {baseline::pytorch_eager(), baseline::pytorch_tuned()}) {
    for (const auto dtype : {at::kFloat, at::kBFloat16, at::kHalf}) {
      for (const bool checkpoint : {false, true}) {
        const at::TensorOptions tensors = at::TensorOptions(dtype).device(at::kMeta);
        TrainingRun run(implementation, config(checkpoint ? 0 : 0.1),
                        {.activation_checkpoint = checkpoint, .tensors = tensors},
                        {.micro_batch = 2, .accumulation_steps = 2});
        for (uint64_t step = 0; step < 2; ++step) {
          const at::Tensor loss = run.step.run(step);
          EXPECT_TRUE(loss.is_meta());
          EXPECT_EQ(loss.dim(), 0);
        }
        for (const auto& parameter : run.bert.parameters()) {
          ASSERT_TRUE(parameter.tensor.grad().defined()) << parameter.name;
          EXPECT_TRUE(parameter.tensor.grad().is_meta());
          EXPECT_EQ(parameter.tensor.grad().scalar_type(), dtype);
        }
      }
    }
  }
}

TEST(TrainingStep, cuda_dropout_is_planned_on_meta) {
  worker::install_meta_kernels();
  const auto implementation = baseline::pytorch_eager();
  const at::TensorOptions tensors = at::TensorOptions(at::kHalf).device(at::kMeta);
  model::BertForSquad bert(config(0.1), implementation, {.tensors = tensors});
  const model::WindowDataset data(
      model::read_window_file(kWindows),
      {.sequence_length = kLength, .sequences_per_step = 2, .activations = tensors});
  const auto dropout = implementation.make_dropout(/*cuda_path=*/true);
  AdamW optimizer(bert.parameters(), {});
  Recorder recorder;
  TrainingStep step(bert, data, *dropout, optimizer, recorder, {.micro_batch = 2});
  EXPECT_TRUE(step.run(0).is_meta());
}

TEST(TrainingStep, a_data_set_of_another_global_batch_is_refused) {
  TrainingRun run(baseline::pytorch_eager(), config(), {.tensors = at::kFloat}, {.micro_batch = 2});
  EXPECT_THROW(TrainingStep(run.bert, run.data, *run.dropout, run.optimizer, run.recorder,
                            {.micro_batch = 2, .accumulation_steps = 2}),
               std::invalid_argument);
}

}  // namespace
}  // namespace train
