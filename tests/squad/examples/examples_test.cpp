#include "squad/examples/examples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "json/error.h"

namespace squad {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

json question(const std::string& id, const json& answers) {
  return {{"id", id}, {"question", "Who?"}, {"answers", answers}};
}

json answer(const std::string& text, int64_t start) {
  return {{"text", text}, {"answer_start", start}};
}

/// A file of one paragraph.
std::string file_of(const std::string& context, const std::vector<json>& questions) {
  const json paragraph = {{"context", context}, {"qas", questions}};
  return json{{"data", {{{"title", "T"}, {"paragraphs", json::array({paragraph})}}}}}.dump();
}

std::string error_of(const std::string& text, Purpose purpose) {
  try {
    parse_examples(text, "q.json", purpose);
  } catch (const ::json::Error& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    return error.what();
  }
  return "no error";
}

TEST(ExamplesTest, an_answer_is_placed_by_code_points) {
  const Examples examples =
      parse_examples(file_of("Ünïted 漢字 States, 1776.",
                             {question("a", json::array({answer("States, 1776", 10)}))}),
                     "q.json", Purpose::kTraining);
  ASSERT_EQ(examples.examples.size(), 1U);
  const Example& example = examples.examples.front();
  EXPECT_EQ(example.id, "a");
  EXPECT_EQ(example.question, "Who?");
  EXPECT_EQ(example.answer->first, 2);
  EXPECT_EQ(example.answer->last, 3);
  EXPECT_EQ(examples.documents.at(example.document).text(2, 3), "States, 1776.");
  EXPECT_TRUE(examples.warnings.empty());
}

TEST(ExamplesTest, prediction_does_not_look_at_answers) {
  const Examples examples =
      parse_examples(file_of("one two", {question("none", json::array()),
                                         question("many", {answer("two", 4), answer("wrong", -3)}),
                                         {{"id", "absent"}, {"question", "?"}}}),
                     "q.json", Purpose::kPrediction);
  ASSERT_EQ(examples.examples.size(), 3U);
  for (const Example& example : examples.examples) EXPECT_FALSE(example.answer.has_value());
}

TEST(ExamplesTest, training_needs_exactly_one_answer) {
  const auto error = [](const json& answers) {
    return error_of(file_of("one two", {question("id7", answers)}), Purpose::kTraining);
  };
  EXPECT_EQ(error({answer("one", 0), answer("two", 4)}),
            "q.json: /data/0/paragraphs/0/qas/0/answers: question \"id7\" has 2 answers; for "
            "training keep exactly one");
  EXPECT_THAT(error(json::array()), HasSubstr("has 0 answers"));
}

TEST(ExamplesTest, a_question_whose_answer_is_not_where_it_says_is_left_out_with_a_warning) {
  const std::string context = " one two";
  for (const json& wrong :
       {answer("two", 1), answer("two", 6), answer("one", -1), answer("two", int64_t{1} << 62),
        answer("", 1), answer(" one", 0), answer("two", std::numeric_limits<int64_t>::min())}) {
    const Examples examples =
        parse_examples(file_of(context, {question("bad", json::array({wrong})),
                                         question("good", json::array({answer("two", 5)}))}),
                       "q.json", Purpose::kTraining);
    ASSERT_EQ(examples.examples.size(), 1U) << wrong;
    EXPECT_EQ(examples.examples.front().id, "good");
    ASSERT_EQ(examples.warnings.size(), 1U);
    EXPECT_THAT(examples.warnings.front(),
                HasSubstr("q.json: question \"bad\" is left out: its answer"));
  }
}

TEST(ExamplesTest, a_file_without_a_question_to_train_on_is_an_error_that_says_why) {
  EXPECT_THAT(error_of(file_of("one two", {question("a", json::array({answer("two", 0)}))}),
                       Purpose::kTraining),
              HasSubstr("no question of 1 can be trained on; the first: q.json: question \"a\""));
}

TEST(ExamplesTest, files_without_questions_are_refused) {
  EXPECT_THAT(error_of(R"({"data":[]})", Purpose::kPrediction), HasSubstr("no article has a"));
  EXPECT_THAT(error_of(file_of("text", {}), Purpose::kPrediction),
              HasSubstr("no article has a question"));
}

TEST(ExamplesTest, an_empty_context_is_a_document_without_words) {
  const Examples examples =
      parse_examples(file_of("", {question("a", json::array())}), "q.json", Purpose::kPrediction);
  EXPECT_TRUE(examples.documents.at(0).words.empty());
}

TEST(ExamplesTest, an_id_given_twice_is_an_error_with_its_place) {
  EXPECT_THAT(error_of(file_of("t", {question("a", json::array()), question("a", json::array())}),
                       Purpose::kPrediction),
              HasSubstr("q.json: /data/0/paragraphs/0/qas/1/id: the id \"a\""));
}

TEST(ExamplesTest, what_is_missing_or_of_another_type_is_named_with_its_place) {
  EXPECT_THAT(error_of("[]", Purpose::kPrediction), HasSubstr("q.json: "));
  EXPECT_THAT(error_of("{}", Purpose::kPrediction), HasSubstr("\"data\""));
  EXPECT_THAT(error_of(R"({"data":[{"paragraphs":[{"qas":[]}]}]})", Purpose::kPrediction),
              HasSubstr("/data/0/paragraphs/0: the key \"context\" is missing"));
  EXPECT_THAT(
      error_of(
          file_of("t", {question("a", json::array({json{{"text", "t"}, {"answer_start", 0.5}}}))}),
          Purpose::kTraining),
      HasSubstr("/answers/0/answer_start: expected a whole number"));
}

TEST(ExamplesTest, lone_surrogates_are_refused_with_line_and_column) {
  const std::string text =
      "{\"data\": [{\"paragraphs\": [{\"context\": \"a\",\n \"qas\": [{\"id\": \"x\", "
      "\"question\": \"\\ud83d?\"}]}]}]}";
  EXPECT_THAT(error_of(text, Purpose::kPrediction), HasSubstr("q.json:2:"));
  EXPECT_THAT(error_of(text, Purpose::kPrediction), HasSubstr("surrogate"));
}

TEST(ExamplesTest, the_content_hash_tells_text_and_purpose_apart) {
  const std::string one = file_of("one two", {question("a", json::array({answer("two", 4)}))});
  const std::string two = file_of("one two", {question("b", json::array({answer("two", 4)}))});
  const auto hash = [](const std::string& text, Purpose purpose) {
    return parse_examples(text, "q.json", purpose).content_hash;
  };
  EXPECT_EQ(hash(one, Purpose::kTraining), hash(one, Purpose::kTraining));
  EXPECT_NE(hash(one, Purpose::kTraining), hash(two, Purpose::kTraining));
  EXPECT_NE(hash(one, Purpose::kTraining), hash(one, Purpose::kPrediction));
}

}  // namespace
}  // namespace squad
