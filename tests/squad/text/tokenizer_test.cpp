#include "squad/text/tokenizer.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace squad {
namespace {

const std::filesystem::path kRoot = BENCH_SOURCE_DIR;

struct Variant {
  std::string name;
  std::string vocabulary;
  bool lower_case;
  Compat compat;
};

void PrintTo(const Variant& variant, std::ostream* out) {
  *out << variant.name;
}

class TokenizerVectors : public testing::TestWithParam<Variant> {};

// Made by running the two published programs; SOURCES.md names the revisions.
TEST_P(TokenizerVectors, every_text_gives_the_words_pieces_and_ids_of_the_reference) {
  std::ifstream file(kRoot / "tests/squad/data/tokenization.json");
  const nlohmann::json cases = nlohmann::json::parse(file).at("cases");
  ASSERT_EQ(cases.size(), 36U);
  const Vocabulary vocabulary = read_vocabulary(kRoot / "data/vocab" / GetParam().vocabulary);
  const Tokenizer tokenizer(vocabulary, GetParam().lower_case, GetParam().compat);
  for (const nlohmann::json& item : cases) {
    const auto text = item.at("text").get<std::string>();
    const nlohmann::json& expected = item.at(GetParam().name);
    const auto name = item.at("name").get<std::string>();
    EXPECT_EQ(tokenizer.basic().tokenize(text), expected.at("basic")) << name;
    EXPECT_EQ(tokenizer.tokens(text), expected.at("tokens")) << name;
    EXPECT_EQ(tokenizer.ids(text), expected.at("ids")) << name;
  }
}

constexpr const char* kUncased = "bert-base-uncased-vocab.txt";
constexpr const char* kCased = "bert-base-cased-vocab.txt";

INSTANTIATE_TEST_SUITE_P(References, TokenizerVectors,
                         testing::Values(Variant{"google_uncased", kUncased, true, Compat::kGoogle},
                                         Variant{"google_cased", kCased, false, Compat::kGoogle},
                                         Variant{"bing_uncased", kUncased, true, Compat::kBing},
                                         Variant{"bing_cased", kCased, false, Compat::kBing}),
                         [](const auto& variant) { return variant.param.name; });

Vocabulary tiny() {
  return Vocabulary("[UNK]\n[CLS]\n[SEP]\na\nab\n##c\n##cd\n\xC3\xA9\n##\xC3\xA9\n", "tiny");
}

TEST(WordPieceTest, the_longest_piece_wins_even_where_a_shorter_one_would_let_the_rest_match) {
  const Vocabulary vocabulary = tiny();
  const Tokenizer tokenizer(vocabulary, false, Compat::kGoogle);
  EXPECT_EQ(tokenizer.tokens("abcd"), (std::vector<std::string>{"ab", "##cd"}));
  EXPECT_EQ(tokenizer.tokens("abb"), (std::vector<std::string>{"[UNK]"}));
}

TEST(WordPieceTest, a_word_as_long_as_the_limit_is_cut_and_a_longer_one_is_unknown) {
  const Vocabulary vocabulary = tiny();
  const auto word = [](int letters) {
    std::string text;
    for (int i = 0; i < letters; ++i) text += "\xC3\xA9";  // one code point of two bytes
    return text;
  };
  for (const auto& [compat, limit] : {std::pair(Compat::kGoogle, 200), {Compat::kBing, 100}}) {
    const Tokenizer tokenizer(vocabulary, false, compat);
    EXPECT_EQ(tokenizer.ids(word(limit)).size(), static_cast<std::size_t>(limit));
    EXPECT_EQ(tokenizer.tokens(word(limit + 1)), (std::vector<std::string>{"[UNK]"}));
  }
}

TEST(BasicTokenizerTest, bytes_that_are_not_utf8_are_deleted) {
  const BasicTokenizer tokenizer(true, Compat::kGoogle);
  EXPECT_EQ(tokenizer.tokenize("a\xFF"
                               "b \xED\xA0\x80 c\xC3"),
            (std::vector<std::string>{"ab", "c"}));
}

TEST(BasicTokenizerTest, the_final_sigma_depends_on_the_word_around_it) {
  const BasicTokenizer tokenizer(true, Compat::kGoogle);
  EXPECT_EQ(tokenizer.tokenize("ΣΑΣ Σ"), (std::vector<std::string>{"σας", "σ"}));
}

}  // namespace
}  // namespace squad
