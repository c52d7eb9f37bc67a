#include "model/window_dataset.h"

#include <cstring>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "checkpoint/safetensors.h"

namespace model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kWindows =
    std::string(BENCH_SOURCE_DIR) + "/sweeps/data/squad_train_384_512.safetensors";

/// A data set of three windows of up to four tokens.
struct SmallFile {
  std::vector<int32_t> ids = {1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 0};
  std::vector<uint8_t> mask = {1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0};
  std::vector<uint8_t> types = {0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0};
  std::vector<int32_t> starts = {1, 0, 2};
  std::vector<int32_t> ends = {3, 1, 2};
  std::string starts_dtype = "I32";

  std::string write() const {
    nlohmann::json header;
    std::string data;
    const auto add = [&](const char* name, const std::string& dtype, const auto& values,
                         const std::vector<int64_t>& shape) {
      const size_t begin = data.size();
      data.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
      header[name] = {{"dtype", dtype}, {"shape", shape}, {"data_offsets", {begin, data.size()}}};
    };
    add("input_ids", "I32", ids, {3, 4});
    add("attention_mask", "U8", mask, {3, 4});
    add("token_type_ids", "U8", types, {3, 4});
    add("start_positions", starts_dtype, starts, {3});
    add("end_positions", "I32", ends, {3});
    const std::string text = header.dump();
    const uint64_t length = text.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    const std::string path = testing::TempDir() +
                             testing::UnitTest::GetInstance()->current_test_info()->name() +
                             ".safetensors";
    std::ofstream(path, std::ios::binary) << file << text << data;
    return path;
  }
};

std::string error_of(const SmallFile& file, WindowOptions options = {}) {
  options.sequence_length = 4;
  try {
    WindowDataset(file.write(), options);
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
  const WindowDataset data(kWindows, {.sequence_length = 384, .sequences_per_step = 8});
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
  const WindowDataset data(SmallFile().write(), {.sequence_length = 4, .sequences_per_step = 2});
  std::multiset<int64_t> seen;
  for (uint64_t step = 0; step < 3; ++step) seen.merge(first_tokens(data, step, 2));
  EXPECT_THAT(seen, ElementsAre(1, 1, 5, 5, 7, 7));
}

TEST(WindowDataset, padding_is_no_token) {
  const WindowDataset data(SmallFile().write(), {.sequence_length = 4, .sequences_per_step = 3});
  EXPECT_EQ(data.tokens(0), 4 + 2 + 3);
  const WindowDataset cut(SmallFile().write(), {.sequence_length = 3, .sequences_per_step = 3});
  EXPECT_EQ(cut.tokens(0), 3 + 2 + 3);
}

TEST(WindowDataset, the_order_follows_from_the_seed) {
  const auto order = [](uint64_t seed) {
    const WindowDataset data(kWindows, {.sequence_length = 8, .seed = seed});
    at::Tensor ids = data.batch(0, 0, 512).input_ids;
    return ids;
  };
  EXPECT_TRUE(at::equal(order(1), order(1)));
  EXPECT_FALSE(at::equal(order(1), order(2)));
}

TEST(WindowDataset, a_step_has_the_same_sequences_for_any_micro_batch) {
  const WindowDataset data(kWindows, {.sequence_length = 64, .sequences_per_step = 12});
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
  const WindowDataset data(SmallFile().write(), {.sequence_length = 2, .sequences_per_step = 3});
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
  const Batch planned = WindowDataset(kWindows, options).batch(0, 0, 4);
  const WindowDataset real(kWindows, {.sequence_length = 48, .sequences_per_step = 4});
  const Batch batch = real.batch(0, 0, 4);
  EXPECT_TRUE(planned.input_ids.is_meta());
  EXPECT_TRUE(planned.layout.additive_mask.is_meta());
  EXPECT_EQ(planned.layout.additive_mask.scalar_type(), at::kHalf);
  EXPECT_EQ(planned.input_ids.sizes(), batch.input_ids.sizes());
  EXPECT_EQ(planned.layout.lengths, batch.layout.lengths);
  EXPECT_EQ(planned.targets.starts, batch.targets.starts);
}

TEST(WindowDataset, contents_that_do_not_fit_are_refused_by_window) {
  SmallFile file;
  file.mask[1] = 0;
  EXPECT_THAT(error_of(file), HasSubstr("window 0: attention_mask is not ones followed by zeros"));
  file = {};
  file.starts[1] = 2;
  EXPECT_THAT(error_of(file), HasSubstr("window 1: an answer position lies outside"));
  file = {};
  file.ids[8] = -7;
  EXPECT_THAT(error_of(file), HasSubstr("window 2: token id -7"));
  EXPECT_THAT(error_of({}, {.vocabulary = 9}), HasSubstr("token id 9 is not below the model's 9"));
  EXPECT_THAT(error_of({}, {.token_types = 1}), HasSubstr("token type 1"));
  file = {};
  file.starts_dtype = "F32";
  EXPECT_THAT(error_of(file), HasSubstr("\"start_positions\" must be I32"));
  EXPECT_THROW(WindowDataset("none.safetensors", {}), checkpoint::SafetensorsError);
}

TEST(Batch, windows_longer_than_the_padding_are_refused) {
  const Window window{.input_ids = {1, 2, 3}, .token_type_ids = {0, 0, 0}};
  EXPECT_THROW(make_batch(std::span(&window, 1), 2, 0, at::kFloat), std::invalid_argument);
}

}  // namespace
}  // namespace model
