#include "squad/answers/answer_questions.h"

#include <cmath>
#include <limits>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "squad/squad_error.h"

namespace squad {
namespace {

using testing::HasSubstr;

const Vocabulary kVocabulary("[UNK]\n[CLS]\n[SEP]\nq\na\nb\n##c\n", "vocab.txt");
const Tokenizer kTokenizer(kVocabulary, true, Compat::kGoogle);

/// "(A) bc": [CLS] q [SEP] [UNK] a [UNK] b ##c [SEP], its words 0 0 0 1 1.
struct Sample {
  Examples examples;
  WindowSet windows;
  std::vector<float> start = std::vector<float>(9, 0.0F);
  std::vector<float> end = std::vector<float>(9, 0.0F);

  Sample() {
    examples.file = "x.json";
    examples.documents.push_back({.words = {"(A)", "bc"}});
    examples.examples.push_back(
        {.id = "id1", .question = "q", .document = 0, .answer = std::nullopt});
    windows.windows.push_back({.input_ids = {1, 3, 2, 0, 4, 0, 5, 6, 2},
                               .paragraph_begin = 3,
                               .word_of_token = {0, 0, 0, 1, 1},
                               .is_max_context = {1, 1, 1, 1, 1}});
  }
  std::vector<AnsweredQuestion> answers(const AnswerOptions& options = {}) const {
    const std::vector<WindowLogits> logits = {{start, end}};
    return answer_questions(examples, windows, logits, kTokenizer, options);
  }
  std::string error(const AnswerOptions& options = {}) const {
    try {
      answers(options);
    } catch (const SquadError& error) {
      return error.what();
    }
    return "no error";
  }
};

TEST(AnswerQuestions, the_best_span_is_cut_from_the_context) {
  Sample sample;
  sample.start[4] = sample.end[4] = 5.0F;
  const auto result = sample.answers();
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].id, "id1");
  EXPECT_EQ(result[0].answers[0].text, "A");
  EXPECT_EQ(result[0].answers[0].start_logit, 5.0);
}

TEST(AnswerQuestions, word_pieces_are_put_together) {
  Sample sample;
  sample.start[6] = sample.end[7] = 5.0F;
  EXPECT_EQ(sample.answers()[0].answers[0].text, "bc");
}

TEST(AnswerQuestions, texts_are_kept_once_and_probabilities_sum_to_1) {
  Sample sample;
  sample.start[4] = 2.0F;
  sample.end[4] = 1.0F;
  const auto answers = sample.answers()[0].answers;
  std::set<std::string> texts;
  double sum = 0.0;
  for (const RankedAnswer& answer : answers) {
    texts.insert(answer.text);
    sum += answer.probability;
  }
  EXPECT_EQ(texts.size(), answers.size());
  EXPECT_GT(answers.size(), 2U);
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_NEAR(answers[0].probability / answers[1].probability,
              std::exp((answers[0].start_logit + answers[0].end_logit) -
                       (answers[1].start_logit + answers[1].end_logit)),
              1e-9);
}

TEST(AnswerQuestions, a_question_without_windows_is_answered_empty) {
  Sample sample;
  sample.windows.windows.clear();
  const auto result = answer_questions(sample.examples, sample.windows, {}, kTokenizer, {});
  ASSERT_EQ(result.size(), 1U);
  ASSERT_EQ(result[0].answers.size(), 1U);
  EXPECT_EQ(result[0].answers[0].text, "empty");
  EXPECT_EQ(result[0].answers[0].probability, 1.0);
  EXPECT_EQ(result[0].answers[0].start_logit, 0.0);
}

TEST(AnswerQuestions, logits_that_are_not_finite_are_errors_that_name_the_place) {
  Sample sample;
  sample.end[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(sample.error(),
              HasSubstr("question \"id1\", window 0: the end logit of position 7 is nan"));
  sample.end[7] = 0.0F;
  sample.start[2] = -std::numeric_limits<float>::infinity();
  EXPECT_THAT(sample.error(), HasSubstr("the start logit of position 2 is -inf"));
}

TEST(AnswerQuestions, wrong_numbers_of_logits_are_errors) {
  Sample sample;
  sample.end.pop_back();
  EXPECT_THAT(sample.error(), HasSubstr("window 0: 9 start and 8 end logits for 9 tokens"));
  sample.start.pop_back();
  EXPECT_THAT(sample.error(), HasSubstr("8 start and 8 end logits for 9 tokens"));
  try {
    answer_questions(sample.examples, sample.windows, {}, kTokenizer, {});
    FAIL() << "no error";
  } catch (const SquadError& error) {
    EXPECT_STREQ(error.what(), "0 windows have logits, but x.json has 1; predict all of them");
  }
}

TEST(AnswerQuestions, options_must_be_positive) {
  EXPECT_THAT(Sample().error({.n_best_size = 0, .max_answer_length = 30}),
              HasSubstr("n_best_size 0 and max_answer_length 30"));
  EXPECT_THAT(Sample().error({.n_best_size = 20, .max_answer_length = -1}),
              HasSubstr("max_answer_length -1"));
}

}  // namespace
}  // namespace squad
