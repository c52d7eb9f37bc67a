#include "model/window_dataset.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/window_file.h"

namespace model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Window> squad_windows() {
  return read_window_file(std::string(BENCH_SOURCE_DIR) +
                          "/sweeps/data/squad_train_384_512.safetensors");
}

/// Three windows of up to four tokens.
std::vector<Window> small_windows() {
  return {{{1, 2, 3, 4}, {0, 0, 1, 1}, 1, 3}, {{5, 6}, {0, 1}, 0, 1}, {{7, 8, 9}, {0, 0, 1}, 2, 2}};
}

std::string error_of(std::vector<Window> windows, WindowOptions options = {}) {
  options.sequence_length = 4;
  options.source = "x.safetensors";
  try {
    WindowDataset(std::move(windows), options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

/// The first token of every sequence of a step, by which the small file's windows are known.
std::multiset<int64_t> first_tokens(const WindowDataset& data, uint64_t step, int64_t count) {
  std::multiset<int64_t> tokens;
  const Batch batch = data.batch(step, 0, count);
  for (int64_t i = 0; i < count; ++i) tokens.insert(batch.input_ids[i][0].item<int64_t>());
  return tokens;
}

TEST(WindowDataset, squad_windows_become_padded_batches) {
  const WindowDataset data(squad_windows(), {.sequence_length = 384, .sequences_per_step = 8});
  EXPECT_EQ(data.size(), 512);
  const Batch batch = data.batch(3, 4, 4);
  EXPECT_EQ(batch.layout.batch, 4);
  EXPECT_EQ(batch.layout.first_sequence, 4);
  EXPECT_EQ(batch.layout.padded_length, 384);
  for (int64_t i = 0; i < 4; ++i) {
    const int64_t length = batch.layout.lengths.at(static_cast<size_t>(i));
    EXPECT_EQ(batch.input_ids[i][0].item<int64_t>(), 101);           // [CLS]
    EXPECT_EQ(batch.input_ids[i][length - 1].item<int64_t>(), 102);  // [SEP]
    EXPECT_EQ(batch.input_ids[i].narrow(0, length, 384 - length).abs().sum().item<int64_t>(), 0);
    const at::Tensor mask = batch.layout.additive_mask[i][0][0];
    EXPECT_EQ(mask.eq(0).sum().item<int64_t>(), length);
    EXPECT_EQ(mask.eq(-10000).sum().item<int64_t>(), 384 - length);
    EXPECT_LE(batch.start_positions[i].item<int64_t>(), batch.end_positions[i].item<int64_t>());
  }
}

TEST(WindowDataset, each_pass_over_the_data_sees_every_window_once) {
  const WindowDataset data(small_windows(), {.sequence_length = 4, .sequences_per_step = 2});
  std::multiset<int64_t> seen;
  for (uint64_t step = 0; step < 3; ++step) seen.merge(first_tokens(data, step, 2));
  EXPECT_THAT(seen, ElementsAre(1, 1, 5, 5, 7, 7));
}

TEST(WindowDataset, a_step_goes_on_across_the_end_of_an_epoch) {
  const WindowDataset one(small_windows(), {.sequence_length = 4, .sequences_per_step = 1});
  const WindowDataset eight(small_windows(), {.sequence_length = 4, .sequences_per_step = 8});
  for (const uint64_t step : {2, 0, 1}) {
    const Batch whole = eight.batch(step, 0, 8);
    int64_t tokens = 0;
    for (int64_t i = 0; i < 8; ++i) {
      const Batch single = one.batch(step * 8 + static_cast<uint64_t>(i), 0, 1);
      EXPECT_TRUE(at::equal(single.input_ids[0], whole.input_ids[i])) << step << ", " << i;
      tokens += one.tokens(step * 8 + static_cast<uint64_t>(i));
    }
    EXPECT_EQ(eight.tokens(step), tokens);
  }
}

TEST(WindowDataset, padding_is_no_token) {
  const WindowDataset data(small_windows(), {.sequence_length = 4, .sequences_per_step = 3});
  EXPECT_EQ(data.tokens(0), 4 + 2 + 3);
  const WindowDataset cut(small_windows(), {.sequence_length = 3, .sequences_per_step = 3});
  EXPECT_EQ(cut.tokens(0), 3 + 2 + 3);
}

TEST(WindowDataset, the_order_follows_from_the_seed) {
  const auto order = [](uint64_t seed) {
    const WindowDataset data(squad_windows(), {.sequence_length = 8, .seed = seed});
    at::Tensor ids = data.batch(0, 0, 512).input_ids;
    return ids;
  };
  EXPECT_TRUE(at::equal(order(1), order(1)));
  EXPECT_FALSE(at::equal(order(1), order(2)));
}

TEST(WindowDataset, a_step_has_the_same_sequences_for_any_micro_batch) {
  const WindowDataset data(squad_windows(), {.sequence_length = 64, .sequences_per_step = 12});
  const Batch whole = data.batch(50, 0, 12);
  std::vector<at::Tensor> parts;
  TargetCounts sum;
  for (int64_t first = 0; first < 12; first += 3) {
    const Batch part = data.batch(50, first, 3);
    parts.push_back(part.input_ids);
    sum.starts += part.targets.starts;
    sum.ends += part.targets.ends;
  }
  EXPECT_TRUE(at::equal(at::cat(parts), whole.input_ids));
  EXPECT_EQ(sum.starts, data.targets(50).starts);
  EXPECT_EQ(sum.ends, data.targets(50).ends);
}

TEST(WindowDataset, answers_beyond_the_cut_are_ignored) {
  const WindowDataset data(small_windows(), {.sequence_length = 2, .sequences_per_step = 3});
  const Batch batch = data.batch(0, 0, 3);
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(batch.layout.lengths.at(static_cast<size_t>(i)), 2);
    const std::map<int64_t, std::vector<int64_t>> expected = {
        {1, {1, kIgnoredTarget}}, {5, {0, 1}}, {7, {kIgnoredTarget, kIgnoredTarget}}};
    EXPECT_EQ(expected.at(batch.input_ids[i][0].item<int64_t>()),
              (std::vector{batch.start_positions[i].item<int64_t>(),
                           batch.end_positions[i].item<int64_t>()}));
  }
  EXPECT_EQ(data.targets(0).starts, 2);
  EXPECT_EQ(data.targets(0).ends, 1);
}

TEST(WindowDataset, meta_batches_have_the_shapes_and_the_real_layout) {
  const WindowOptions options{.sequence_length = 48,
                              .sequences_per_step = 4,
                              .activations = at::TensorOptions(at::kHalf).device(at::kMeta)};
  const Batch planned = WindowDataset(squad_windows(), options).batch(0, 0, 4);
  const WindowDataset real(squad_windows(), {.sequence_length = 48, .sequences_per_step = 4});
  const Batch batch = real.batch(0, 0, 4);
  EXPECT_TRUE(planned.input_ids.is_meta());
  EXPECT_TRUE(planned.layout.additive_mask.is_meta());
  EXPECT_EQ(planned.layout.additive_mask.scalar_type(), at::kHalf);
  EXPECT_EQ(planned.input_ids.sizes(), batch.input_ids.sizes());
  EXPECT_EQ(planned.layout.lengths, batch.layout.lengths);
  EXPECT_EQ(planned.targets.starts, batch.targets.starts);
}

TEST(WindowDataset, windows_that_do_not_fit_the_model_are_refused_by_number) {
  std::vector<Window> windows = small_windows();
  windows[2].input_ids[1] = -7;
  EXPECT_THAT(error_of(windows), HasSubstr("x.safetensors: window 2: token id -7"));
  windows = small_windows();
  windows[1].end_position = 2;
  EXPECT_THAT(error_of(windows), HasSubstr("window 1: an answer position lies outside"));
  windows[1].end_position = -1;
  EXPECT_THAT(error_of(windows), HasSubstr("window 1: an answer position lies outside"));
  windows[1].token_type_ids.pop_back();
  EXPECT_THAT(error_of(windows), HasSubstr("window 1: it has not as many token types as tokens"));
  EXPECT_THAT(error_of(small_windows(), {.vocabulary = 9}),
              HasSubstr("token id 9 is not below the model's 9"));
  EXPECT_THAT(error_of(small_windows(), {.token_types = 1}), HasSubstr("token type 1"));
  EXPECT_THAT(error_of({}), HasSubstr("x.safetensors: it has no windows"));
}

TEST(WindowDataset, windows_without_an_answer_have_no_target) {
  std::vector<Window> windows = small_windows();
  windows[0].start_position = kIgnoredTarget;
  windows[0].end_position = kIgnoredTarget;
  const WindowDataset data(windows, {.sequence_length = 4, .sequences_per_step = 3});
  EXPECT_EQ(data.targets(0).starts, 2);
  EXPECT_EQ(data.targets(0).ends, 2);
}

TEST(WindowDataset, ids_behind_the_cut_may_be_anything) {
  std::vector<Window> windows = small_windows();
  windows[0].input_ids[3] = 1000;
  const WindowDataset data(windows, {.sequence_length = 3, .vocabulary = 10});
  EXPECT_EQ(data.size(), 3);
}

TEST(Batch, windows_longer_than_the_padding_are_refused) {
  const Window window{.input_ids = {1, 2, 3}, .token_type_ids = {0, 0, 0}};
  EXPECT_THROW(make_batch(std::span(&window, 1), 2, 0, at::kFloat), std::invalid_argument);
}

}  // namespace
}  // namespace model
