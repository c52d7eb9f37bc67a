#include "squad/evaluation/answer_score.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "squad/evaluation/normalize_answer.h"

namespace squad {
namespace {

using Texts = std::vector<std::string>;

// Made by running evaluate-v1.1.py; tests/squad/data/SOURCES.md names the revision.
TEST(AnswerScore, every_edge_case_has_the_scores_of_the_official_script) {
  std::ifstream file(std::filesystem::path(BENCH_SOURCE_DIR) / "tests/squad/data/evaluation.json");
  const nlohmann::json cases = nlohmann::json::parse(file).at("edge_cases");
  ASSERT_EQ(cases.size(), 27U);
  for (const nlohmann::json& item : cases) {
    const auto prediction = item.at("prediction").get<std::string>();
    const auto answers = item.at("answers").get<Texts>();
    const AnswerScore score = score_answer(prediction, answers);
    EXPECT_EQ(score.exact_match, item.at("em").get<int>() == 1) << prediction;
    EXPECT_EQ(score.f1, item.at("f1").get<double>()) << prediction;
    EXPECT_EQ(normalize_answer(prediction), item.at("normalized_prediction"));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_EQ(normalize_answer(answers[i]), item.at("normalized_answers").at(i));
    }
  }
}

TEST(AnswerScore, both_scores_take_their_own_best_answer) {
  const AnswerScore score = score_answer("the", Texts{"a", "the cat"});
  EXPECT_TRUE(score.exact_match);
  EXPECT_EQ(score.f1, 0.0);
  const AnswerScore partial = score_answer("b c", Texts{"b", "b c d"});
  EXPECT_FALSE(partial.exact_match);
  EXPECT_EQ(partial.f1, 0.8);
}

TEST(AnswerScore, no_answers_are_refused) {
  EXPECT_THROW(score_answer("x", {}), std::invalid_argument);
}

// Right-hand sides: what normalize_answer of evaluate-v1.1.py returns under Python 3.11.
TEST(NormalizeAnswer, punctuation_goes_before_articles) {
  EXPECT_EQ(normalize_answer("the.cat"), "thecat");
  EXPECT_EQ(normalize_answer("The (cat)"), "cat");
  EXPECT_EQ(normalize_answer("a\u2013b"), "\u2013b");
  EXPECT_EQ(normalize_answer("a_b the_"), "ab");
}

TEST(NormalizeAnswer, only_whole_words_are_articles) {
  EXPECT_EQ(normalize_answer("an anthem, then another theatre"), "anthem then another theatre");
  EXPECT_EQ(normalize_answer("the\u00E9 \u0435the the\u4E2D the\u00B2"),
            "the\u00E9 \u0435the the\u4E2D the\u00B2");
  EXPECT_EQ(normalize_answer("\u2018the\u2019 \u20ACa"), "\u2018 \u2019 \u20AC");
}

TEST(NormalizeAnswer, words_are_split_at_pythons_spaces) {
  EXPECT_EQ(normalize_answer("x\u3000y\u2028z\u0085\x1Cw \u200Bv"), "x y z w \u200Bv");
  EXPECT_EQ(normalize_answer(""), "");
  EXPECT_EQ(normalize_answer(" .. "), "");
}

}  // namespace
}  // namespace squad
