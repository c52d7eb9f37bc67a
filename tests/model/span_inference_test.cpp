#include "model/span_inference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/implementations.h"
#include "kernels/layer/fused_encoder_layer.h"
#include "tests/model/tiny_bert.h"

namespace model {
namespace {

Implementation fused() {
  return {"fused", &kernels::make_fused_encoder_layer, nullptr};
}

std::vector<SpanLogits> infer(const BertForSquad& bert, const std::vector<Window>& windows,
                              int64_t batch, RowLayout layout) {
  const auto dropout = tiny::stock_dropout();
  return infer_spans(
      bert, dropout, windows,
      {.batch = batch,
       .activations = bert.parameters().front().tensor.options().requires_grad(false),
       .row_layout = layout},
      [](int64_t, int64_t) {});
}

BertForSquad random_bert(const Implementation& implementation) {
  BertConfig config = tiny::config();
  config.attention_dropout = 0.5;  // which inference must not apply
  config.hidden_dropout = 0.5;
  BertForSquad bert(config, implementation, {.tensors = at::kFloat});
  tiny::randomize(bert, 1);
  return bert;
}

void expect_near(const std::vector<SpanLogits>& actual, const std::vector<SpanLogits>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    EXPECT_THAT(actual[i].start, testing::Pointwise(testing::FloatNear(1e-4F), expected[i].start));
    EXPECT_THAT(actual[i].end, testing::Pointwise(testing::FloatNear(1e-4F), expected[i].end));
  }
}

TEST(SpanInference, gives_each_windows_own_logits_whatever_its_company) {
  const std::vector<Window> windows = tiny::windows(11, 24);
  const BertForSquad eager = random_bert(baseline::pytorch_eager());
  const BertForSquad layers = random_bert(fused());
  std::vector<SpanLogits> alone;
  for (const Window& window : windows) {
    const Batch batch = make_batch(std::span(&window, 1), 24, 0, at::kFloat);
    const at::Tensor logits = eager.forward(batch, tiny::stock_dropout(), false)[0];
    SpanLogits expected;
    for (int64_t i = 0; i < batch.layout.lengths[0]; ++i) {
      expected.start.push_back(logits[i][0].item<float>());
      expected.end.push_back(logits[i][1].item<float>());
    }
    alone.push_back(std::move(expected));
  }
  for (const int64_t batch : {1, 4, 64}) {
    SCOPED_TRACE(batch);
    expect_near(infer(eager, windows, batch, RowLayout::kPadded), alone);
    expect_near(infer(layers, windows, batch, RowLayout::kPadded), alone);
    expect_near(infer(layers, windows, batch, RowLayout::kPacked), alone);
  }
}

TEST(SpanInference, counts_tokens_up_to_all_of_them) {
  const std::vector<Window> windows = tiny::windows(5, 24);
  const BertForSquad bert = random_bert(baseline::pytorch_eager());
  std::vector<int64_t> done;
  int64_t all = 0;
  infer_spans(bert, tiny::stock_dropout(), windows, {.batch = 2, .activations = at::kFloat},
              [&](int64_t tokens, int64_t all_tokens) {
                done.push_back(tokens);
                all = all_tokens;
              });
  ASSERT_EQ(done.size(), 3U);
  EXPECT_LT(done[0], done[1]);
  EXPECT_EQ(done[2], all);
}

TEST(SpanInference, keeps_nothing_for_a_backward_pass_and_refuses_empty_batches) {
  const BertForSquad bert = random_bert(fused());
  infer(bert, tiny::windows(3, 24), 2, RowLayout::kPacked);
  EXPECT_FALSE(bert.parameters().front().tensor.grad().defined());
  EXPECT_TRUE(infer(bert, {}, 2, RowLayout::kPadded).empty());
  EXPECT_THROW(infer(bert, tiny::windows(3, 24), 0, RowLayout::kPadded), std::invalid_argument);
}

}  // namespace
}  // namespace model
