// Answers every run of tests/squad/data/decode.json: decode_vectors FOLDER writes there, for run 0
// and google's text processing, 0.google.predictions.json and 0.google.nbest_predictions.json, and
// so on.
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "files/text_file.h"
#include "squad/answers/prediction_text.h"
#include "squad/features/make_windows.h"

namespace squad {
namespace {

using nlohmann::json;

const std::filesystem::path kRoot = BENCH_SOURCE_DIR;
const std::filesystem::path kData = kRoot / "tests/squad/data";
constexpr std::size_t kSequence = 384;

/// decode_logits.f32: little-endian floats.
std::vector<float> read_floats(const std::filesystem::path& file) {
  const std::string bytes = files::read_text_file(file);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

/// The starts, then the ends of each of `count` windows, from a run's first on.
std::vector<WindowLogits> logits_of_run(std::span<const float> all, const json& run,
                                        std::size_t count) {
  const auto first = run.at("logits_byte_offset").get<std::size_t>() / sizeof(float);
  std::vector<WindowLogits> logits;
  for (std::size_t i = 0; i < count; ++i) {
    const auto window = all.subspan(first + i * 2 * kSequence, 2 * kSequence);
    logits.push_back({window.first(kSequence), window.last(kSequence)});
  }
  return logits;
}

void write_answers(const std::filesystem::path& folder, Compat compat, const std::string& name) {
  const json runs =
      json::parse(files::read_text_file(kData / "decode.json")).at("decode").at("runs");
  const std::vector<float> floats = read_floats(kData / "decode_logits.f32");
  const Vocabulary vocabulary = read_vocabulary(kRoot / "data/vocab/bert-base-uncased-vocab.txt");
  const Tokenizer tokenizer(vocabulary, true, compat);
  const Examples examples = read_examples(kData / "decode_input.json", Purpose::kPrediction);
  const WindowSet windows = make_windows(examples, tokenizer, {});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto answers = answer_questions(
        examples, windows, logits_of_run(floats, runs[i], windows.windows.size()), tokenizer,
        {.n_best_size = runs[i].at("n_best_size").get<int32_t>(),
         .max_answer_length = runs[i].at("max_answer_length").get<int32_t>()});
    const std::string prefix = fmt::format("{}.{}.", i, name);
    std::ofstream(folder / (prefix + "predictions.json")) << predictions_text(answers);
    std::ofstream(folder / (prefix + "nbest_predictions.json")) << nbest_predictions_text(answers);
  }
}

}  // namespace
}  // namespace squad

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::runtime_error("usage: decode_vectors FOLDER");
    squad::write_answers(argv[1], squad::Compat::kGoogle, "google");
    squad::write_answers(argv[1], squad::Compat::kBing, "bing");
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
