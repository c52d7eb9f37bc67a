#include "squad/training/model_windows.h"

#include <cstring>

#include <gmock/gmock.h>

#include "checkpoint/safetensors.h"
#include "model/window_file.h"
#include "tests/squad/features/window_fixture.h"

namespace squad {
namespace {

using testing::ElementsAre;

const std::filesystem::path kRoot = BENCH_SOURCE_DIR;

/// Training windows of the tree's 44 articles of SQuAD.
WindowSet article_windows(Compat compat) {
  const Vocabulary vocabulary = read_vocabulary(kRoot / "data/vocab/bert-base-uncased-vocab.txt");
  const Tokenizer tokenizer(vocabulary, true, compat);
  return make_windows(
      read_examples(kRoot / "data/squad/train-v1.1.subset44.json.xz", Purpose::kTraining),
      tokenizer, {});
}

std::vector<int32_t> feature_indices(const std::filesystem::path& path) {
  const checkpoint::SafetensorsFile file(path);
  const auto bytes = file.bytes(file.header().at("feature_index"));
  std::vector<int32_t> indices(bytes.size() / sizeof(int32_t));
  std::memcpy(indices.data(), bytes.data(), bytes.size());
  return indices;
}

class ModelWindows : public WindowFixture {};

TEST_F(ModelWindows, the_prepared_windows_of_the_sweeps_come_out_of_the_questions) {
  const std::filesystem::path file = kRoot / "sweeps/data/squad_train_384_512.safetensors";
  const std::vector<model::Window> windows = training_windows(article_windows(Compat::kGoogle));
  ASSERT_EQ(windows.size(), 12032U);
  const std::vector<model::Window> prepared = model::read_window_file(file);
  const std::vector<int32_t> indices = feature_indices(file);
  ASSERT_EQ(indices.size(), prepared.size());
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    EXPECT_EQ(windows.at(static_cast<std::size_t>(indices[i])), prepared[i]) << i;
  }
}

// BingBertSquad's model clamps a position to [0, sequence length] and ignores the latter. Of its
// 11,927 windows of these articles 14 have a position outside.
TEST_F(ModelWindows, bing_positions_outside_a_window_are_clamped_or_ignored) {
  const WindowSet set = article_windows(Compat::kBing);
  const std::vector<model::Window> windows = training_windows(set);
  ASSERT_EQ(windows.size(), 11927U);
  std::size_t outside = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto check = [&](int32_t raw, int64_t target) {
      const int64_t expected = raw < 0 ? 0 : raw >= 384 ? model::kIgnoredTarget : raw;
      EXPECT_EQ(target, expected) << i;
      return raw < 0 || raw >= 384;
    };
    const bool start = check(set.windows[i].start_position, windows[i].start_position);
    const bool end = check(set.windows[i].end_position, windows[i].end_position);
    outside += start || end ? 1 : 0;
  }
  EXPECT_EQ(outside, 14U);
}

TEST_F(ModelWindows, an_answer_that_is_not_in_the_window_is_at_its_beginning) {
  const WindowOptions options{.max_seq_length = 7, .doc_stride = 2, .max_query_length = 5};
  const std::vector<model::Window> windows =
      training_windows(make_windows(examples(Purpose::kTraining), tokenizer_, options));
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_THAT(windows[0].input_ids, ElementsAre(2, 4, 3, 5, 6, 5, 3));
  EXPECT_THAT(windows[0].token_type_ids, ElementsAre(0, 0, 0, 1, 1, 1, 1));
  EXPECT_EQ(windows[0].start_position, 0);
  EXPECT_EQ(windows[0].end_position, 0);
  EXPECT_THAT(windows[1].token_type_ids, ElementsAre(0, 0, 0, 1, 1, 1));
  EXPECT_EQ(windows[1].start_position, 4);
  EXPECT_EQ(windows[1].end_position, 4);
}

TEST_F(ModelWindows, windows_for_prediction_have_no_targets) {
  const std::vector<model::Window> windows =
      prediction_windows(make_windows(examples(Purpose::kPrediction), tokenizer_, options_));
  ASSERT_FALSE(windows.empty());
  for (const model::Window& window : windows) {
    EXPECT_EQ(window.start_position, model::kIgnoredTarget);
    EXPECT_EQ(window.end_position, model::kIgnoredTarget);
  }
}

}  // namespace
}  // namespace squad
