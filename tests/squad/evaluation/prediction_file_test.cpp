#include "squad/evaluation/prediction_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/file_error.h"

namespace squad {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

std::string error_of(const std::string& text) {
  try {
    parse_predictions(text, "p.json");
  } catch (const files::FileError& error) {
    return error.what();
  }
  return "no error";
}

TEST(PredictionFile, ids_have_answers) {
  EXPECT_THAT(parse_predictions(R"({"b": "x", "a": "\u00e9"})", "p.json"),
              UnorderedElementsAre(Pair("a", "\u00E9"), Pair("b", "x")));
  EXPECT_THAT(parse_predictions("{}", "p.json"), testing::IsEmpty());
}

TEST(PredictionFile, anything_but_an_object_of_strings_is_an_error) {
  EXPECT_THAT(error_of("[\"x\"]"), HasSubstr("p.json: predictions are one object of ids"));
  EXPECT_THAT(error_of(R"({"a": "x", "b": ["y"]})"),
              HasSubstr("p.json: the answer to \"b\" is array, not a string"));
  EXPECT_THAT(error_of(R"({"a": null})"), HasSubstr("the answer to \"a\" is null"));
}

TEST(PredictionFile, an_id_answered_twice_is_an_error) {
  EXPECT_THAT(error_of(R"({"a": "x", "a": "x"})"), HasSubstr("the key \"a\" is given twice"));
}

TEST(PredictionFile, bytes_that_are_not_utf8_are_an_error) {
  EXPECT_THAT(error_of("{\"a\": \"\xC0\xAF\"}"), HasSubstr("UTF-8"));
}

TEST(PredictionFile, a_missing_file_is_an_error_that_names_it) {
  try {
    read_predictions("no/such/predictions.json");
    FAIL() << "no error";
  } catch (const files::FileError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no/such/predictions.json"));
  }
}

}  // namespace
}  // namespace squad
