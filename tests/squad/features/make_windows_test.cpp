#include "squad/features/make_windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "squad/squad_error.h"

namespace squad {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class MakeWindows : public testing::Test {
 protected:
  const Vocabulary vocabulary_{"[PAD]\n[UNK]\n[CLS]\n[SEP]\nwho\n?\nw\n", "tiny"};
  const Tokenizer tokenizer_{vocabulary_, true, Compat::kGoogle};

  static Examples examples_of(const std::string& context, const std::string& question,
                              Purpose purpose = Purpose::kPrediction,
                              const json& answers = json::array()) {
    const json item = {{"id", "id7"}, {"question", question}, {"answers", answers}};
    const json paragraph = {{"context", context}, {"qas", json::array({item})}};
    return parse_examples(json{{"data", {{{"paragraphs", json::array({paragraph})}}}}}.dump(),
                          "q.json", purpose);
  }
  static std::string words(int count) {
    std::string text = "w";
    for (int i = 1; i < count; ++i) text += " w";
    return text;
  }
  std::string error_of(const Examples& examples, const WindowOptions& options) const {
    try {
      make_windows(examples, tokenizer_, options);
    } catch (const SquadError& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
      return error.what();
    }
    return "no error";
  }
};

TEST_F(MakeWindows, a_window_shorter_than_its_question_is_an_error_that_names_both) {
  EXPECT_EQ(error_of(examples_of("w", "who who who"), {.max_seq_length = 6}),
            "q.json: question \"id7\" takes 3 tokens, which leaves no room for its paragraph in a "
            "window of 6; use longer sequences (max_seq_length), or lower max_query_length");
  EXPECT_EQ(make_windows(examples_of("w", "who who who"), tokenizer_, {.max_seq_length = 7})
                .windows.size(),
            1U);
}

TEST_F(MakeWindows, a_cut_question_leaves_room) {
  const WindowSet set = make_windows(examples_of("w", "who who who"), tokenizer_,
                                     {.max_seq_length = 6, .max_query_length = 2});
  EXPECT_EQ(set.windows.at(0).input_ids, (std::vector<int32_t>{2, 4, 4, 3, 6, 3}));
}

TEST_F(MakeWindows, options_below_one_are_named) {
  const Examples examples = examples_of("w", "who");
  EXPECT_THAT(error_of(examples, {.max_seq_length = 0}), HasSubstr("max_seq_length is 0"));
  EXPECT_THAT(error_of(examples, {.doc_stride = 0}), HasSubstr("doc_stride is 0"));
  EXPECT_THAT(error_of(examples, {.max_query_length = -1}), HasSubstr("max_query_length is -1"));
}

TEST_F(MakeWindows, a_paragraph_without_text_gives_a_warning_and_no_window) {
  for (const std::string context : {"", " \n", "\xE2\x80\x8B"}) {
    const Examples examples = examples_of(context, "who?");
    const WindowSet set = make_windows(examples, tokenizer_, {});
    EXPECT_TRUE(set.windows.empty());
    EXPECT_EQ(set.textless, (std::vector<std::size_t>{0}));
    EXPECT_EQ(textless_warnings(set, examples),
              (std::vector<std::string>{
                  "q.json: question \"id7\" gets no window: its paragraph has no text"}));
  }
}

TEST_F(MakeWindows, no_window_at_all_is_an_error_of_the_file) {
  for (const auto& [context, error] :
       {std::pair("w", ""), std::pair("",
                                      "q.json: no question has a paragraph with text, so there "
                                      "is no window; give other questions")}) {
    const Examples examples = examples_of(context, "who");
    std::string what;
    try {
      require_windows(make_windows(examples, tokenizer_, {}), examples);
    } catch (const SquadError& thrown) {
      what = thrown.what();
    }
    EXPECT_EQ(what, error);
  }
}

TEST_F(MakeWindows, a_question_without_text_still_gets_its_windows) {
  const WindowSet set = make_windows(examples_of("w", ""), tokenizer_, {});
  EXPECT_EQ(set.windows.at(0).input_ids, (std::vector<int32_t>{2, 3, 6, 3}));
}

TEST_F(MakeWindows, contexts_of_ten_thousand_words_are_covered_by_their_windows) {
  for (const int32_t stride : {128, 1}) {
    const WindowSet set =
        make_windows(examples_of(words(10'000), "who?", Purpose::kTraining,
                                 json::array({{{"text", "w w"}, {"answer_start", 19'996}}})),
                     tokenizer_, {.doc_stride = stride});
    std::vector<int> shown(10'000, 0);
    for (const Window& window : set.windows) {
      EXPECT_LE(window.input_ids.size(), 384U);
      for (std::size_t i = 0; i < window.word_of_token.size(); ++i) {
        shown[static_cast<std::size_t>(window.word_of_token[i])] += window.is_max_context[i];
      }
    }
    EXPECT_EQ(shown, std::vector<int>(10'000, 1)) << "stride " << stride;
    const Window& last = set.windows.back();
    EXPECT_EQ(last.end_position, static_cast<int32_t>(last.input_ids.size()) - 2);
    EXPECT_EQ(last.start_position, last.end_position - 1);
  }
}

}  // namespace
}  // namespace squad
