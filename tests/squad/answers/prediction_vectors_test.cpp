// Whole files of predictions against those that run_squad.py's write_predictions wrote.
#include <cstring>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "files/text_file.h"
#include "squad/answers/prediction_text.h"
#include "squad/features/make_windows.h"

namespace squad {
namespace {

using nlohmann::ordered_json;

const std::filesystem::path kRoot = BENCH_SOURCE_DIR;
constexpr std::size_t kSequence = 384;

/// decode_logits.f32: little-endian floats.
std::vector<float> read_floats(const std::filesystem::path& file) {
  const std::string bytes = files::read_text_file(file);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

class PredictionVectors : public testing::TestWithParam<Compat> {};

TEST_P(PredictionVectors, both_files_equal_the_references_byte_for_byte) {
  const std::filesystem::path data = kRoot / "tests/squad/data";
  const auto vectors =
      ordered_json::parse(files::read_text_file(data / "decode.json")).at("decode");
  const std::vector<float> logits = read_floats(data / "decode_logits.f32");
  const Vocabulary vocabulary = read_vocabulary(kRoot / "data/vocab/bert-base-uncased-vocab.txt");
  const Tokenizer tokenizer(vocabulary, true, GetParam());
  const Examples examples = read_examples(data / "decode_input.json", Purpose::kPrediction);
  const WindowSet windows = make_windows(examples, tokenizer, {});
  const std::size_t count = vectors.at("features").get<std::size_t>();
  ASSERT_EQ(windows.windows.size(), count);
  ASSERT_EQ(vectors.at("runs").size(), 4U);

  for (const ordered_json& run : vectors.at("runs")) {
    SCOPED_TRACE(run.at("kind").get<std::string>());
    std::span<const float> rest = std::span(logits).subspan(
        run.at("logits_byte_offset").get<std::size_t>() / sizeof(float), count * 2 * kSequence);
    std::vector<WindowLogits> of_windows;
    for (; !rest.empty(); rest = rest.subspan(2 * kSequence)) {
      of_windows.push_back({rest.first(kSequence), rest.subspan(kSequence, kSequence)});
    }
    const auto answers =
        answer_questions(examples, windows, of_windows, tokenizer,
                         {.n_best_size = run.at("n_best_size").get<int32_t>(),
                          .max_answer_length = run.at("max_answer_length").get<int32_t>()});
    // The library's layout is Python's, and so are its digits but for some that do not occur here.
    EXPECT_EQ(predictions_text(answers), run.at("predictions").dump(4, ' ', true) + "\n");
    EXPECT_EQ(nbest_predictions_text(answers), run.at("nbest").dump(4, ' ', true) + "\n");
    if (run.at("predictions_file_text").is_string()) {
      EXPECT_EQ(predictions_text(answers), run.at("predictions_file_text"));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(References, PredictionVectors,
                         testing::Values(Compat::kGoogle, Compat::kBing),
                         [](const testing::TestParamInfo<Compat>& compat) {
                           return compat.param == Compat::kGoogle ? "google" : "bing";
                         });

}  // namespace
}  // namespace squad
