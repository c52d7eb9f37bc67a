// Windows of single questions against those of the two published programs.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "files/text_file.h"
#include "json/error.h"
#include "squad/features/make_windows.h"

namespace squad {
namespace {

using nlohmann::json;

const std::filesystem::path kRoot = BENCH_SOURCE_DIR;

const Vocabulary& vocabulary() {
  static const Vocabulary kVocabulary =
      read_vocabulary(kRoot / "data/vocab/bert-base-uncased-vocab.txt");
  return kVocabulary;
}

Examples examples_of(const json& item) {
  const json question = {
      {"id", "q"}, {"question", item.at("question")}, {"answers", item.at("answers")}};
  const json paragraph = {{"context", item.at("context")}, {"qas", json::array({question})}};
  const json file = {{"data", {{{"paragraphs", json::array({paragraph})}}}}};
  return parse_examples(file.dump(), "vector",
                        item.at("training") ? Purpose::kTraining : Purpose::kPrediction);
}

/// A window as the vectors have it.
json as_vector(const Window& window, std::size_t index, bool training) {
  json tokens = json::array();
  for (const int32_t id : window.input_ids) tokens.push_back(vocabulary().token(id));
  json words = json::array();
  json max_context = json::array();
  for (std::size_t i = 0; i < window.word_of_token.size(); ++i) {
    const auto position = static_cast<std::size_t>(window.paragraph_begin) + i;
    words.push_back({position, window.word_of_token[i]});
    if (window.is_max_context.at(i) != 0) max_context.push_back(position);
  }
  json result = {{"unique_id", kFirstUniqueId + static_cast<int64_t>(index)},
                 {"doc_span_index", window.index},
                 {"length", window.input_ids.size()},
                 {"tokens", tokens},
                 {"input_ids", window.input_ids},
                 {"segment_sum", window.word_of_token.size() + 1},
                 {"token_to_orig_map", words},
                 {"max_context", max_context}};
  if (training) {
    result["start"] = window.start_position;
    result["end"] = window.end_position;
  }
  return result;
}

void expect_run(const json& item, const json& run) {
  const Compat compat = run.at("variant") == "bing" ? Compat::kBing : Compat::kGoogle;
  const Tokenizer tokenizer(vocabulary(), true, compat);
  if (run.contains("error")) {
    EXPECT_THROW(examples_of(item), ::json::Error);
    return;
  }
  const Examples examples = examples_of(item);
  ASSERT_EQ(examples.examples.size(), run.at("examples"));
  EXPECT_EQ(examples.documents.front().words, run.at("doc_tokens"));
  const std::optional<WordSpan>& answer = examples.examples.front().answer;
  EXPECT_EQ(answer ? json(answer->first) : json(), run.at("orig_start"));
  EXPECT_EQ(answer ? json(answer->last) : json(), run.at("orig_end"));
  const WindowSet set = make_windows(examples, tokenizer,
                                     {.max_seq_length = run.at("max_seq_length"),
                                      .doc_stride = run.at("doc_stride"),
                                      .max_query_length = run.at("max_query_length")});
  ASSERT_EQ(set.windows.size(), run.at("features").size());
  for (std::size_t i = 0; i < set.windows.size(); ++i) {
    EXPECT_EQ(as_vector(set.windows[i], i, set.training), run.at("features")[i]) << "window " << i;
  }
}

TEST(FeatureVectors, every_question_gives_the_windows_of_the_reference) {
  const json cases =
      json::parse(files::read_text_file(kRoot / "tests/squad/data/features.json.xz")).at("cases");
  ASSERT_EQ(cases.size(), 18U);
  std::size_t runs = 0;
  for (const json& item : cases) {
    for (const json& run : item.at("runs")) {
      SCOPED_TRACE(item.at("name").get<std::string>() + " " + run.at("variant").get<std::string>());
      expect_run(item, run);
      ++runs;
    }
  }
  EXPECT_EQ(runs, 44U);
}

}  // namespace
}  // namespace squad
