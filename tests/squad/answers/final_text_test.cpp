#include "squad/answers/final_text.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace squad {
namespace {

class FinalTextVectors : public testing::TestWithParam<Compat> {};

// Made by running both programs' get_final_text; tests/squad/data/SOURCES.md names the revisions.
TEST_P(FinalTextVectors, every_case_gives_the_text_of_the_reference) {
  std::ifstream file(std::filesystem::path(BENCH_SOURCE_DIR) / "tests/squad/data/decode.json");
  const nlohmann::json cases = nlohmann::json::parse(file).at("get_final_text");
  ASSERT_EQ(cases.size(), 17U);
  for (const nlohmann::json& item : cases) {
    const BasicTokenizer tokenizer(item.at("do_lower_case").get<bool>(), GetParam());
    const auto original = item.at("orig_text").get<std::string>();
    EXPECT_EQ(final_text(item.at("pred_text").get<std::string>(), original, tokenizer),
              item.at(GetParam() == Compat::kGoogle ? "expected_google" : "expected_bing"))
        << original;
  }
}

INSTANTIATE_TEST_SUITE_P(References, FinalTextVectors,
                         testing::Values(Compat::kGoogle, Compat::kBing),
                         [](const testing::TestParamInfo<Compat>& compat) {
                           return compat.param == Compat::kGoogle ? "google" : "bing";
                         });

const BasicTokenizer kTokenizer(true, Compat::kGoogle);

TEST(FinalText, characters_are_counted_not_bytes) {
  EXPECT_EQ(final_text("liege", "(Li\u00E8ge)", kTokenizer), "Li\u00E8ge");
  EXPECT_EQ(final_text("x", "\u00E8\u00E9 X\U0001F600", kTokenizer), "X");
  EXPECT_EQ(final_text("b", "\u00E8, B", kTokenizer), "B");
}

TEST(FinalText, text_of_another_number_of_characters_is_returned_whole) {
  EXPECT_EQ(final_text("b", "a\u200B (b)", kTokenizer), "a\u200B (b)");
}

TEST(FinalText, empty_originals_stay_empty) {
  EXPECT_EQ(final_text("", "", kTokenizer), "");
  EXPECT_EQ(final_text("x", "", kTokenizer), "");
  EXPECT_EQ(final_text("", " \u3000 ", kTokenizer), " \u3000 ");
}

}  // namespace
}  // namespace squad
