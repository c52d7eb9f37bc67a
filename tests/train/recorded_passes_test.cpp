#include "train/recorded_passes.h"

#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "baseline/implementations.h"
#include "kernels/layer/keyed_dropout.h"
#include "model/window_dataset.h"
#include "tests/model/tiny_bert.h"
#include "train/optimizer.h"
#include "train/training_step.h"

namespace train {
namespace {

constexpr int64_t kLength = 24;

struct NoObserver : PhaseObserver {
  void enter(Phase /*phase*/) override {}
};

/// Plays as a graph does: runs the passes that it recorded, not those that it is handed, and leaves
/// the gradients where the recorded ones lie.
class Player final : public PassRecorder {
 public:
  explicit Player(const model::BertForSquad& bert) : bert_(bert) {}

  PassRun run(const std::function<void()>& passes) override {
    if (++calls_ == 1) {
      passes();
      return PassRun::kOnce;
    }
    if (calls_ == 2) {
      recorded_ = passes;
      recorded_();
      for (const auto& parameter : bert_.parameters()) gradients_.push_back(gradient(parameter));
      return PassRun::kRecorded;
    }
    recorded_();
    auto to = gradients_.begin();
    for (const auto& parameter : bert_.parameters()) {
      to++->copy_(gradient(parameter));
      parameter.tensor.mutable_grad().reset();  // played work sets no parameter's gradient
    }
    return PassRun::kPlayed;
  }

 private:
  static at::Tensor gradient(const model::Parameter& parameter) { return parameter.tensor.grad(); }

  const model::BertForSquad& bert_;
  int calls_ = 0;
  std::function<void()> recorded_;
  std::vector<at::Tensor> gradients_;
};

/// A small BERT that trains with dropout and accumulation, recorded or not.
class Training {
 public:
  explicit Training(bool recorded, model::RowLayout layout = model::RowLayout::kPadded)
      : bert_(config(), baseline::pytorch_eager(), {.tensors = at::kFloat}),
        data_(tiny::windows(40, kLength), {.sequence_length = kLength,
                                           .sequences_per_step = 6,
                                           .activations = at::kFloat,
                                           .row_layout = layout}),
        optimizer_(bert_.parameters(), {}),
        player_(bert_),
        step_(bert_, data_, dropout_, optimizer_, observer_,
              {.micro_batch = 3, .accumulation_steps = 2}, recorded ? &player_ : nullptr) {
    at::set_num_threads(1);
    tiny::randomize(bert_, 1);
  }

  double train(uint64_t step) { return step_.run(step).item<double>(); }
  at::Tensor loss(uint64_t step) { return step_.run(step); }
  const model::BertForSquad& bert() const { return bert_; }
  const model::WindowDataset& data() const { return data_; }

 private:
  static model::BertConfig config() {
    model::BertConfig config = tiny::config();
    config.hidden_dropout = 0.1;
    return config;
  }

  model::BertForSquad bert_;
  model::WindowDataset data_;
  kernels::KeyedDropout dropout_;
  AdamW optimizer_;
  NoObserver observer_;
  Player player_;
  TrainingStep step_;
};

TEST(RecordedPasses, train_as_those_that_are_not_recorded) {
  Training plain(false);
  Training recorded(true);
  int64_t fewest = 6;
  int64_t most = 0;
  for (uint64_t step = 0; step < 6; ++step) {
    const double expected = plain.train(step);
    EXPECT_NEAR(recorded.train(step), expected, 1e-6 * expected) << "step " << step;
    fewest = std::min(fewest, plain.data().targets(step).starts);
    most = std::max(most, plain.data().targets(step).starts);
  }
  EXPECT_LT(fewest, most) << "every loss was divided by one number";
  const auto expected = plain.bert().parameters();
  const auto actual = recorded.bert().parameters();
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(at::allclose(actual[i].tensor, expected[i].tensor, 1e-4, 1e-5)) << expected[i].name;
  }
}

TEST(RecordedPasses, return_a_loss_that_later_steps_do_not_write_over) {
  Training recorded(true);
  for (uint64_t step = 0; step < 2; ++step) recorded.train(step);
  const at::Tensor loss = recorded.loss(2);
  const auto value = loss.item<double>();
  ASSERT_NE(recorded.train(3), value);
  EXPECT_EQ(loss.item<double>(), value);
}

TEST(RecordedPasses, of_packed_steps_are_refused) {
  EXPECT_THROW(Training(true, model::RowLayout::kPacked), std::invalid_argument);
}

TEST(RecordedPasses, of_other_sizes_are_refused) {
  const model::BertForSquad bert(tiny::config(), baseline::pytorch_eager(),
                                 {.tensors = at::kFloat});
  Player player(bert);
  RecordedPasses passes(bert, player);
  const auto inputs = [](int64_t batch) {
    StepInputs made;
    made.batches.push_back(model::make_batch(tiny::windows(batch, kLength), kLength, 0,
                                             at::TensorOptions(at::kFloat)));
    return made;
  };
  const auto nothing = [](const StepInputs&) { return at::zeros({}); };
  passes.run(inputs(2), nothing);
  EXPECT_THROW(passes.run(inputs(3), nothing), std::invalid_argument);
  EXPECT_THROW(passes.run(StepInputs(), nothing), std::invalid_argument);
}

}  // namespace
}  // namespace train
