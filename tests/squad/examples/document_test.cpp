#include "squad/examples/document.h"

#include <gtest/gtest.h>

namespace squad {
namespace {

using Words = std::vector<std::string>;
using Indices = std::vector<int32_t>;

TEST(DocumentTest, words_end_at_five_kinds_of_space_only) {
  const Document document = index_document(
                                "a\xC2\xA0"
                                "b\tc\r\nd \xE2\x80\xAF"
                                "e\xE3\x80\x80"
                                "f")
                                .document;
  EXPECT_EQ(document.words, (Words{"a\xC2\xA0"
                                   "b",
                                   "c", "d",
                                   "e\xE3\x80\x80"
                                   "f"}));
}

TEST(DocumentTest, characters_know_their_word_and_spaces_the_one_before) {
  const IndexedDocument indexed = index_document(" é漢 x ");
  EXPECT_EQ(indexed.document.words, (Words{"é漢", "x"}));
  EXPECT_EQ(indexed.word_of_character, (Indices{-1, 0, 0, 0, 1, 1}));
}

TEST(DocumentTest, text_joins_words_by_single_spaces) {
  const Document document = index_document("a\n\n b\tc").document;
  EXPECT_EQ(document.text(0, 2), "a b c");
  EXPECT_EQ(document.text(1, 1), "b");
}

TEST(DocumentTest, an_empty_context_has_no_words) {
  EXPECT_TRUE(index_document("").document.words.empty());
  EXPECT_TRUE(index_document(" \n").document.words.empty());
}

}  // namespace
}  // namespace squad
