#include "squad/evaluation/evaluation.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "json/python_json.h"

namespace squad {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path kRoot = BENCH_SOURCE_DIR;

const AnswerKey& dev_set() {
  static const AnswerKey instance = read_answer_key(kRoot / "data/squad/dev-v1.1.rebuilt.json.xz");
  return instance;
}

/// What evaluate-v1.1.py gives the predictions of data/squad/`name`.json.xz on the dev set.
nlohmann::json official(const std::string& name) {
  std::ifstream file(kRoot / "tests/squad/data/evaluation.json");
  const nlohmann::json vectors = nlohmann::json::parse(file);
  for (const auto& item : vectors.at("official_prediction_files")) {
    if (item.at("predictions").get<std::string>().ends_with("/" + name + ".json")) return item;
  }
  throw std::out_of_range(name);
}

class OfficialPredictions : public testing::TestWithParam<std::string> {};

TEST_P(OfficialPredictions, have_the_scores_of_the_official_script_to_the_last_digit) {
  ASSERT_EQ(dev_set().questions.size(), 10570U);
  const Predictions predictions =
      read_predictions(kRoot / "data/squad" / (GetParam() + ".json.xz"));
  const Evaluation evaluation = evaluate(dev_set(), predictions);
  const nlohmann::json expected = official(GetParam());
  EXPECT_EQ(evaluation.exact_match, expected.at("exact_match").get<double>());
  EXPECT_EQ(evaluation.f1, expected.at("f1").get<double>());
  EXPECT_EQ(evaluation.unanswered.size(), expected.at("unanswered").get<std::size_t>());
  EXPECT_EQ(predictions.size(), expected.at("n_predictions").get<std::size_t>());
}

INSTANTIATE_TEST_SUITE_P(Files, OfficialPredictions,
                         testing::Values("bert_ensemble", "logreg_baseline"));

TEST(Evaluation, scores_are_printed_as_the_official_script_prints_them) {
  const Evaluation evaluation =
      evaluate(dev_set(), read_predictions(kRoot / "data/squad/bert_ensemble.json.xz"));
  EXPECT_EQ(scores_line(evaluation),
            R"({"exact_match": 86.20624408703878, "f1": 92.19557978351145})");
  EXPECT_THAT(remarks(dev_set(), evaluation), IsEmpty());
}

AnswerKey small_key() {
  return {.version = "1.1",
          .questions = {{"q1", {"Denver Broncos"}}, {"q2", {"1856"}}, {"q3", {"France"}}}};
}

TEST(Evaluation, unanswered_questions_count_and_are_named) {
  const AnswerKey key = small_key();
  const Evaluation evaluation = evaluate(key, {{"q2", "1856"}});
  EXPECT_EQ(scores_line(evaluation),
            R"({"exact_match": 33.333333333333336, "f1": 33.333333333333336})");
  EXPECT_THAT(remarks(key, evaluation), ElementsAre("question \"q1\" is unanswered and scores 0",
                                                    "question \"q3\" is unanswered and scores 0"));
}

TEST(Evaluation, predictions_for_unknown_ids_are_ignored_and_counted) {
  const AnswerKey key = small_key();
  const Evaluation evaluation = evaluate(
      key, {{"q1", "Denver Broncos"}, {"q2", "1856"}, {"q3", "France"}, {"z", "x"}, {"y", "x"}});
  EXPECT_EQ(scores_line(evaluation), R"({"exact_match": 100.0, "f1": 100.0})");
  EXPECT_THAT(evaluation.unknown, ElementsAre("y", "z"));
  EXPECT_THAT(remarks(key, evaluation),
              ElementsAre(HasSubstr("2 predictions are for ids that the data does not have, the "
                                    "first \"y\"")));
}

TEST(Evaluation, no_predictions_score_0) {
  EXPECT_EQ(scores_line(evaluate(small_key(), {})), R"({"exact_match": 0.0, "f1": 0.0})");
}

TEST(Evaluation, another_version_is_remarked) {
  AnswerKey key = small_key();
  key.version = "1.0";
  EXPECT_THAT(
      remarks(key, evaluate(key, {{"q1", ""}, {"q2", ""}, {"q3", ""}})),
      ElementsAre("the data's version is \"1.0\", not \"1.1\", which these scores are for"));
}

}  // namespace
}  // namespace squad
