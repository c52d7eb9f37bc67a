#include "squad/features/tokenized_document.h"

#include <gtest/gtest.h>

namespace squad {
namespace {

using Ids = std::vector<int32_t>;

class TokenizedDocumentTest : public testing::Test {
 protected:
  const Vocabulary vocabulary_{"[UNK]\n[CLS]\n[SEP]\n(\n)\n1895\n-\n1943\nof\n", "tiny"};
  const Tokenizer tokenizer_{vocabulary_, true, Compat::kGoogle};

  TokenizedDocument tokenize(const std::string& context) const {
    return DocumentTokenizer(tokenizer_).tokenize(index_document(context).document);
  }
};

TEST_F(TokenizedDocumentTest, words_and_tokens_know_each_other) {
  const TokenizedDocument document = tokenize("of (1895-1943) of");
  EXPECT_EQ(document.ids, (Ids{8, 3, 5, 6, 7, 4, 8}));
  EXPECT_EQ(document.word_of_token, (Ids{0, 1, 1, 1, 1, 1, 2}));
  EXPECT_EQ(document.first_token, (Ids{0, 1, 6}));
}

TEST_F(TokenizedDocumentTest, a_word_without_tokens_begins_where_the_next_one_does) {
  const TokenizedDocument document = tokenize("of \xE2\x80\x8B of");
  EXPECT_EQ(document.first_token, (Ids{0, 1, 1}));
  EXPECT_EQ(document.word_of_token, (Ids{0, 2}));
}

TEST_F(TokenizedDocumentTest, an_answer_inside_a_word_gets_its_own_tokens) {
  const TokenizedDocument document = tokenize("of (1895-1943) of");
  EXPECT_EQ(answer_tokens(document, 1, 1, tokenizer_.ids("1895")), (TokenSpan{2, 2}));
  EXPECT_EQ(answer_tokens(document, 1, 1, tokenizer_.ids("1895-1943")), (TokenSpan{2, 4}));
}

TEST_F(TokenizedDocumentTest, an_answer_whose_tokens_are_not_there_gets_the_whole_words) {
  const TokenizedDocument document = tokenize("of (1895-1943) of");
  EXPECT_EQ(answer_tokens(document, 1, 2, tokenizer_.ids("43")), (TokenSpan{1, 6}));
  EXPECT_EQ(answer_tokens(document, 1, 1, {}), (TokenSpan{1, 5}));
}

TEST_F(TokenizedDocumentTest, the_first_of_equal_runs_counts) {
  const TokenizedDocument document = tokenize("of of of");
  EXPECT_EQ(answer_tokens(document, 1, 2, tokenizer_.ids("of")), (TokenSpan{1, 1}));
}

TEST_F(TokenizedDocumentTest, words_without_tokens_give_an_empty_span) {
  EXPECT_EQ(answer_tokens(tokenize("of \xE2\x80\x8B"), 1, 1, tokenizer_.ids("of")),
            (TokenSpan{1, 0}));
}

}  // namespace
}  // namespace squad
