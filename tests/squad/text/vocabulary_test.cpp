#include "squad/text/vocabulary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/file_error.h"
#include "squad/squad_error.h"

namespace squad {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string error_of(const std::string& text) {
  try {
    const Vocabulary vocabulary(text, "v.txt");
  } catch (const SquadError& error) {
    return error.what();
  }
  return "no error";
}

TEST(VocabularyTest, ids_are_line_numbers_and_spaces_around_tokens_are_dropped) {
  const Vocabulary vocabulary("[UNK]\r\n [CLS]\t\n[SEP]\n\nb", "v.txt");
  EXPECT_EQ(vocabulary.size(), 5U);
  EXPECT_EQ(vocabulary.unknown(), 0);
  EXPECT_EQ(vocabulary.classifier(), 1);
  EXPECT_EQ(vocabulary.separator(), 2);
  EXPECT_EQ(vocabulary.find("b"), 4);
  EXPECT_EQ(vocabulary.find("c"), -1);
  EXPECT_EQ(vocabulary.token(1), "[CLS]");
  EXPECT_EQ(vocabulary.longest_token(), 5U);
}

TEST(VocabularyTest, the_last_of_equal_tokens_counts) {
  EXPECT_EQ(Vocabulary("[UNK]\n[CLS]\n[SEP]\nb\nb\n", "v.txt").find("b"), 4);
}

TEST(VocabularyTest, a_missing_special_token_is_named) {
  for (const std::string missing : {"[CLS]", "[SEP]", "[UNK]"}) {
    std::string text;
    for (const std::string token : {"[UNK]", "[CLS]", "[SEP]", "word"}) {
      if (token != missing) text += token + "\n";
    }
    EXPECT_THAT(error_of(text), HasSubstr("v.txt: none of its 3 lines is " + missing));
  }
  EXPECT_THAT(error_of(""), HasSubstr("none of its 0 lines"));
}

TEST(VocabularyTest, bytes_that_are_not_text_are_refused_with_their_line) {
  EXPECT_THAT(error_of("[UNK]\n\xFF\xFE\n"), HasSubstr("v.txt:2: not UTF-8"));
  EXPECT_THAT(error_of("[UNK]\n\xFF\xFE\n"), Not(HasSubstr("\n")));
}

TEST(VocabularyTest, the_content_hash_tells_texts_apart) {
  const Vocabulary one("[UNK]\n[CLS]\n[SEP]\na\n", "one.txt");
  EXPECT_EQ(one.content_hash(), Vocabulary("[UNK]\n[CLS]\n[SEP]\na\n", "two.txt").content_hash());
  EXPECT_NE(one.content_hash(), Vocabulary("[UNK]\n[CLS]\n[SEP]\nb\n", "one.txt").content_hash());
}

TEST(VocabularyTest, a_file_that_is_not_there_says_so) {
  EXPECT_THROW(read_vocabulary("/no/such/vocab.txt"), files::FileError);
}

}  // namespace
}  // namespace squad
