// Whole files of questions against SHA-256 digests of what the published programs make of them.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "checkpoint/safetensors.h"
#include "files/text_file.h"
#include "squad/features/make_windows.h"

namespace squad {
namespace {

using nlohmann::json;

const std::filesystem::path kRoot = BENCH_SOURCE_DIR;

/// SHA-256 of what is appended, by coreutils' sha256sum.
class Sha256 {
 public:
  explicit Sha256(const std::string& name)
      : output_(std::filesystem::path(testing::TempDir()) / name),
        pipe_(::popen(("sha256sum > '" + output_.string() + "'").c_str(), "w")) {}
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256() {
    if (pipe_ != nullptr) ::pclose(pipe_);
  }

  void append(const std::vector<int32_t>& values) {
    ASSERT_EQ(std::fwrite(values.data(), sizeof(int32_t), values.size(), pipe_), values.size());
  }
  std::string digest() {
    EXPECT_EQ(::pclose(std::exchange(pipe_, nullptr)), 0);
    std::ifstream stream(output_);
    std::string text;
    stream >> text;
    return text;
  }

 private:
  std::filesystem::path output_;
  std::FILE* pipe_;
};

std::filesystem::path packed_or_not(const std::string& name) {
  std::filesystem::path file = kRoot / "data/squad" / name;
  if (!std::filesystem::exists(file)) file += ".xz";
  return file;
}

/// Feature by feature: ids, mask and segments, padded; in training start and end.
std::string digest_of(const WindowSet& set, const std::string& name) {
  const auto length = static_cast<std::size_t>(set.options.max_seq_length);
  Sha256 sha(name);
  for (const Window& window : set.windows) {
    std::vector<int32_t> ids = window.input_ids;
    ids.resize(length, 0);
    std::vector<int32_t> mask(length, 0);
    std::fill_n(mask.begin(), window.input_ids.size(), 1);
    std::vector<int32_t> segments(length, 0);
    std::fill_n(segments.begin() + window.paragraph_begin, window.word_of_token.size() + 1, 1);
    sha.append(ids);
    sha.append(mask);
    sha.append(segments);
    if (set.training) sha.append({window.start_position, window.end_position});
  }
  return sha.digest();
}

json runs() {
  std::ifstream file(kRoot / "tests/squad/data/feature_digests.json");
  return json::parse(file).at("runs");
}

class FeatureDigests : public testing::TestWithParam<std::size_t> {};

TEST_P(FeatureDigests, a_whole_file_gives_the_features_of_the_reference) {
  const json run = runs().at(GetParam());
  ASSERT_EQ(run.at("vocab"), "uncased");
  const Vocabulary vocabulary = read_vocabulary(kRoot / "data/vocab/bert-base-uncased-vocab.txt");
  const Tokenizer tokenizer(vocabulary, true,
                            run.at("variant") == "bing" ? Compat::kBing : Compat::kGoogle);
  const Examples examples =
      read_examples(packed_or_not(run.at("file")),
                    run.at("training") ? Purpose::kTraining : Purpose::kPrediction);
  EXPECT_EQ(examples.examples.size(), run.at("examples"));
  const WindowSet set = make_windows(examples, tokenizer,
                                     {.max_seq_length = run.at("max_seq_length"),
                                      .doc_stride = run.at("doc_stride"),
                                      .max_query_length = run.at("max_query_length")});
  EXPECT_EQ(set.windows.size(), run.at("features"));
  std::size_t tokens = 0;
  for (const Window& window : set.windows) tokens += window.input_ids.size();
  EXPECT_EQ(tokens, run.at("total_unpadded_tokens"));
  EXPECT_EQ(digest_of(set, "digest_" + std::to_string(GetParam())), run.at("sha256"));
}

INSTANTIATE_TEST_SUITE_P(Files, FeatureDigests, testing::Range(std::size_t{0}, std::size_t{5}));

TEST(FeatureDigestsFile, holds_as_many_runs_as_are_tested) {
  EXPECT_EQ(runs().size(), 5U);
}

template <class T>
std::vector<T> elements(const checkpoint::SafetensorsFile& file, const char* name) {
  const auto bytes = file.bytes(file.header().at(name));
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

// The sweeps' windows were made by the reference from the same articles.
TEST(SweepWindows, the_512_windows_of_the_sweeps_come_out_identical) {
  const checkpoint::SafetensorsFile file(kRoot / "sweeps/data/squad_train_384_512.safetensors");
  const auto feature_index = elements<int32_t>(file, "feature_index");
  const auto ids = elements<int32_t>(file, "input_ids");
  const auto mask = elements<uint8_t>(file, "attention_mask");
  const auto types = elements<uint8_t>(file, "token_type_ids");
  const auto starts = elements<int32_t>(file, "start_positions");
  const auto ends = elements<int32_t>(file, "end_positions");
  ASSERT_EQ(feature_index.size(), 512U);
  const Vocabulary vocabulary = read_vocabulary(kRoot / "data/vocab/bert-base-uncased-vocab.txt");
  const Tokenizer tokenizer(vocabulary, true, Compat::kGoogle);
  const WindowSet set = make_windows(
      read_examples(kRoot / "data/squad/train-v1.1.subset44.json.xz", Purpose::kTraining),
      tokenizer, {});
  for (std::size_t i = 0; i < feature_index.size(); ++i) {
    const Window& window = set.windows.at(static_cast<std::size_t>(feature_index[i]));
    EXPECT_EQ(window.start_position, starts[i]);
    EXPECT_EQ(window.end_position, ends[i]);
    for (std::size_t position = 0; position < 384; ++position) {
      const std::size_t at = i * 384 + position;
      const bool real = position < window.input_ids.size();
      ASSERT_EQ(mask[at], real ? 1 : 0) << "window " << i << " position " << position;
      ASSERT_EQ(ids[at], real ? window.input_ids[position] : 0);
      ASSERT_EQ(types[at],
                real && position >= static_cast<std::size_t>(window.paragraph_begin) ? 1 : 0);
    }
  }
}

}  // namespace
}  // namespace squad
