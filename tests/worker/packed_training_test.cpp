// Training packed against training padded: the same fused model, the same sequences.

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "harness/protocol/cell.h"
#include "model/span_loss.h"
#include "tests/worker/test_cells.h"
#include "worker/cell_model.h"
#include "worker/training_run.h"

namespace worker {
namespace {

constexpr int64_t kLength = 40;

std::vector<model::Window> windows_of(const std::vector<int64_t>& lengths) {
  std::vector<model::Window> windows;
  int64_t token = 0;
  for (const int64_t length : lengths) {
    model::Window window;
    for (int64_t i = 0; i < length; ++i, token += 7) {
      window.input_ids.push_back(token % kTestVocabulary);
      window.token_type_ids.push_back(2 * i > length ? 1 : 0);
    }
    window.start_position = length / 3;
    window.end_position = length / 2;
    windows.push_back(window);
  }
  return windows;
}

struct Gradients {
  at::Tensor loss;
  std::vector<std::pair<std::string, at::Tensor>> weights;
};

/// Loss and gradients of `windows`, `micro_batch` at a time.
Gradients train(const harness::Cell& cell, const std::vector<model::Window>& windows,
                size_t micro_batch) {
  const auto registry = apps::registry();
  model::BertForSquad bert(bert_config(cell.model), implementation_of(cell, registry),
                           bert_options(cell, at::kCPU));
  bert.initialize(3);
  const auto dropout = registry.make_keyed_dropout();
  dropout->begin_step(5, 2);
  Gradients result;
  for (size_t first = 0; first < windows.size(); first += micro_batch) {
    const auto batch = model::make_batch(
        std::span(windows).subspan(first, micro_batch), kLength, static_cast<int64_t>(first),
        at::TensorOptions(dtype_of(cell.precision)), row_layout_of(cell));
    const auto loss = model::span_loss(bert.forward(batch, *dropout, /*training=*/true), batch,
                                       model::count_targets(windows));
    loss.backward();
    result.loss = result.loss.defined() ? result.loss + loss.detach() : loss.detach();
  }
  for (const auto& weight : bert.weights()) {
    result.weights.emplace_back(weight.name, weight.gradient().to(at::kDouble));
  }
  return result;
}

class PackedTraining : public testing::TestWithParam<std::tuple<std::string, std::string, bool>> {
 protected:
  harness::Cell cell(bool packed) const {
    auto result = small_cell("fused");
    result.precision = std::get<0>(GetParam());
    result.model.layer_norm = std::get<1>(GetParam());
    result.model.attention_dropout = result.model.hidden_dropout = 0.1;
    if (std::get<2>(GetParam())) result.flags.push_back("flash_attention");
    if (packed) result.flags.push_back("remove_padding");
    return result;
  }

  void expect_close(const Gradients& actual, const Gradients& expected) const {
    const double tolerance = std::get<0>(GetParam()) == "fp32" ? 1e-5 : 4e-2;
    double largest = 0;
    for (const auto& [name, gradient] : expected.weights) {
      largest = std::max(largest, gradient.norm().item<double>());
    }
    EXPECT_NEAR(actual.loss.item<double>(), expected.loss.item<double>(), tolerance);
    for (size_t i = 0; i < expected.weights.size(); ++i) {
      const auto& [name, gradient] = expected.weights[i];
      const double error = (actual.weights[i].second - gradient).norm().item<double>();
      // Gradients that are 0 but for rounding (a key's bias) are measured against the largest.
      EXPECT_LE(error, tolerance * std::max(gradient.norm().item<double>(), 0.01 * largest))
          << name;
    }
  }
};

TEST_P(PackedTraining, has_the_loss_and_the_gradients_of_padded_training) {
  for (const std::vector<int64_t>& lengths :
       {std::vector<int64_t>{1}, {2, 1}, {kLength, 1, 2, 20}, {13, 13, kLength, 13}}) {
    SCOPED_TRACE(testing::PrintToString(lengths));
    const auto windows = windows_of(lengths);
    const auto padded = train(cell(false), windows, windows.size());
    expect_close(train(cell(true), windows, windows.size()), padded);
    if (lengths.size() == 4) expect_close(train(cell(true), windows, 2), padded);
  }
}

TEST_P(PackedTraining, of_full_sequences_has_the_bits_of_padded_training) {
  const auto windows = windows_of({kLength, kLength, kLength});
  const auto padded = train(cell(false), windows, windows.size());
  const auto packed = train(cell(true), windows, windows.size());
  EXPECT_TRUE(packed.loss.equal(padded.loss));
  for (size_t i = 0; i < padded.weights.size(); ++i) {
    EXPECT_TRUE(packed.weights[i].second.equal(padded.weights[i].second))
        << padded.weights[i].first;
  }
}

INSTANTIATE_TEST_SUITE_P(Grid, PackedTraining,
                         testing::Combine(testing::Values("fp32", "bf16"),
                                          testing::Values("post", "pre"), testing::Bool()),
                         [](const auto& instance) {
                           return std::get<0>(instance.param) + "_" + std::get<1>(instance.param) +
                                  (std::get<2>(instance.param) ? "_flash" : "_materialized");
                         });

}  // namespace
}  // namespace worker
