#include "squad/text/unicode.h"

#include <gtest/gtest.h>

namespace squad {
namespace {

using Parts = std::vector<std::string_view>;

TEST(Unicode, lengths_are_code_points) {
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points("a\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80"), 4U);
}

TEST(Unicode, surrogates_and_cut_sequences_are_not_utf8) {
  EXPECT_TRUE(is_utf8("a\xF0\x9F\x98\x80"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_utf8("a\xC3"));
  EXPECT_FALSE(is_utf8("\xC0\x80"));
}

// The spaces as str.split() of Python 3.11 knows them.
TEST(Unicode, text_is_split_where_python_splits) {
  EXPECT_EQ(split_spaces(" \t a\xC2\xA0"
                         "b\xE2\x80\xA8"
                         "c\x1F"
                         "d\xE3\x80\x80 "),
            (Parts{"a", "b", "c", "d"}));
  EXPECT_EQ(split_spaces("a\xE2\x80\x8B"
                         "b"),
            (Parts{"a\xE2\x80\x8B"
                   "b"}));
  EXPECT_TRUE(split_spaces(" \n").empty());
}

TEST(Unicode, ascii_symbols_count_as_punctuation_but_other_symbols_do_not) {
  for (const char32_t symbol : {U'$', U'^', U'`', U'|', U'~', U'–', U'«', U'。'}) {
    EXPECT_TRUE(is_punctuation(symbol)) << static_cast<uint32_t>(symbol);
  }
  for (const char32_t other : {U'a', U'0', U' ', U'€', U'±', U'\x7F'}) {
    EXPECT_FALSE(is_punctuation(other)) << static_cast<uint32_t>(other);
  }
}

TEST(Unicode, unassigned_characters_are_other_but_neither_control_nor_format) {
  EXPECT_TRUE(is_other(0x378));
  EXPECT_FALSE(is_control_or_format(0x378));
  EXPECT_TRUE(is_control_or_format(0x200B));
}

TEST(Unicode, ideographs_end_where_the_reference_ends_them) {
  EXPECT_TRUE(is_cjk_ideograph(0x3400));
  EXPECT_TRUE(is_cjk_ideograph(0x9FFF));
  EXPECT_TRUE(is_cjk_ideograph(0x2FA1F));
  EXPECT_FALSE(is_cjk_ideograph(0x33FF));
  EXPECT_FALSE(is_cjk_ideograph(0xAC00));  // Hangul
  EXPECT_FALSE(is_cjk_ideograph(0x3042));  // Hiragana
}

TEST(Unicode, accents_go_with_their_letters_left_behind) {
  EXPECT_EQ(lower_and_strip_accents("ÉTÉ"), "ete");
  EXPECT_EQ(lower_and_strip_accents("İẞß"), "ißß");
  EXPECT_EQ(lower_and_strip_accents("ŉ"), "ŉ");
}

}  // namespace
}  // namespace squad
