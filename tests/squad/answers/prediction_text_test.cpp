#include "squad/answers/prediction_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "squad/squad_error.h"

namespace squad {
namespace {

// Expected texts: json.dumps(..., indent=4) + "\n" of Python 3.11.
TEST(PredictionText, files_are_those_of_json_dumps) {
  const std::vector<AnsweredQuestion> questions = {
      {"q\"1", {{"24\u201310", 0.75, 1.5, -0.25}, {"\U0001F600", 0.25, 1e-05, 0.0}}},
      {"q2", {{"empty", 1.0, 0.0, 0.0}}}};
  EXPECT_EQ(predictions_text(questions), R"({
    "q\"1": "24\u201310",
    "q2": "empty"
}
)");
  EXPECT_EQ(nbest_predictions_text(questions), R"({
    "q\"1": [
        {
            "text": "24\u201310",
            "probability": 0.75,
            "start_logit": 1.5,
            "end_logit": -0.25
        },
        {
            "text": "\ud83d\ude00",
            "probability": 0.25,
            "start_logit": 1e-05,
            "end_logit": 0.0
        }
    ],
    "q2": [
        {
            "text": "empty",
            "probability": 1.0,
            "start_logit": 0.0,
            "end_logit": 0.0
        }
    ]
}
)");
}

TEST(PredictionText, no_questions_are_an_empty_object) {
  EXPECT_EQ(predictions_text({}), "{}\n");
  EXPECT_EQ(nbest_predictions_text({}), "{}\n");
}

TEST(PredictionText, an_id_given_twice_is_an_error) {
  const std::vector<AnsweredQuestion> questions(2, {"q", {{"x", 1.0, 0.0, 0.0}}});
  try {
    predictions_text(questions);
    FAIL() << "no error";
  } catch (const SquadError& error) {
    EXPECT_STREQ(error.what(), "two questions have the id \"q\"; give each its own");
  }
  EXPECT_THROW(nbest_predictions_text(questions), SquadError);
}

}  // namespace
}  // namespace squad
