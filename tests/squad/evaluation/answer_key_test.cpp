#include "squad/evaluation/answer_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/error.h"

namespace squad {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A data file of one paragraph with these questions.
std::string data_of(const std::string& questions) {
  return R"({"version": "1.1", "data": [{"paragraphs": [{"qas": [)" + questions + "]}]}]}";
}

std::string error_of(const std::string& text) {
  try {
    parse_answer_key(text, "x.json");
  } catch (const json::Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(AnswerKey, ids_and_texts_are_all_that_is_needed) {
  const AnswerKey key =
      parse_answer_key(data_of(R"({"id": "b", "answers": [{"text": "x"}, {"text": "x"}]},
                                  {"id": "a", "answers": [{"text": ""}]})"),
                       "x.json");
  EXPECT_EQ(key.version, "1.1");
  ASSERT_EQ(key.questions.size(), 2U);
  EXPECT_EQ(key.questions[0].id, "b");
  EXPECT_THAT(key.questions[0].answers, ElementsAre("x", "x"));
  EXPECT_EQ(key.questions[1].id, "a");
  EXPECT_THAT(key.questions[1].answers, ElementsAre(""));
}

TEST(AnswerKey, a_file_without_version_has_an_empty_one) {
  const AnswerKey key = parse_answer_key(
      R"({"data": [{"paragraphs": [{"qas": [{"id": "a", "answers": [{"text": "x"}]}]}]}]})",
      "x.json");
  EXPECT_EQ(key.version, "");
}

TEST(AnswerKey, bad_files_are_one_clear_line) {
  EXPECT_EQ(error_of("[]"), "x.json: expected an object, found array");
  EXPECT_EQ(error_of("{}"), "x.json: the key \"data\" is missing");
  EXPECT_EQ(error_of(R"({"data": []})"), "x.json: has no questions; give a SQuAD v1.1 file");
  EXPECT_EQ(error_of(R"({"data": [{"paragraphs": {}}]})"),
            "x.json: /data/0/paragraphs: expected an array, found object");
  EXPECT_EQ(error_of(R"({"data": [], "version": 1.1})"),
            "x.json: /version: expected a string, found number");
  EXPECT_EQ(error_of(data_of(R"({"id": 5, "answers": []})")),
            "x.json: /data/0/paragraphs/0/qas/0/id: expected a string, found number");
  EXPECT_EQ(error_of(data_of(R"({"id": "a", "answers": [{"answer_start": 1}]})")),
            "x.json: /data/0/paragraphs/0/qas/0/answers/0: the key \"text\" is missing");
}

TEST(AnswerKey, a_question_without_answers_is_an_error) {
  EXPECT_THAT(error_of(data_of(R"({"id": "a", "is_impossible": true, "answers": []})")),
              HasSubstr("question \"a\" has no answers"));
}

TEST(AnswerKey, an_id_given_twice_is_an_error) {
  const std::string question = R"({"id": "a", "answers": [{"text": "x"}]})";
  EXPECT_EQ(error_of(data_of(question + "," + question)),
            "x.json: /data/0/paragraphs/0/qas/1: the id \"a\" is given twice; keep one question");
}

}  // namespace
}  // namespace squad
