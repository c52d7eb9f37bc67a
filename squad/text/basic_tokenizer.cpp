#include "squad/text/basic_tokenizer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "squad/text/unicode.h"

namespace squad {
namespace {

constexpr std::array<std::string_view, 5> kNeverSplit = {"[UNK]", "[SEP]", "[PAD]", "[CLS]",
                                                         "[MASK]"};

void split_on_punctuation(std::string_view word, std::vector<std::string>& words) {
  bool starts_word = true;
  for_each_code_point(word, [&](char32_t code_point, std::string_view bytes) {
    const bool alone = is_punctuation(code_point);
    if (alone || starts_word) {
      words.emplace_back(bytes);
    } else {
      words.back() += bytes;
    }
    starts_word = alone;
  });
}

bool is_space(char32_t code_point) {
  // Line and paragraph separators are not space to BERT's cleaning, but str.split() splits there.
  return code_point == ' ' || code_point == '\t' || code_point == '\n' || code_point == '\r' ||
         code_point == 0x2028 || code_point == 0x2029 ||
         (code_point >= 0x80 && is_space_separator(code_point));
}

}  // namespace

bool BasicTokenizer::is_deleted(char32_t code_point) const {
  if (code_point >= 0x20 && code_point < 0x7F) return false;
  return code_point == 0 || code_point == 0xFFFD ||
         (compat_ == Compat::kBing ? is_other(code_point) : is_control_or_format(code_point));
}

void BasicTokenizer::finish_word(std::string& word, std::vector<std::string>& words) const {
  if (word.empty()) return;
  if (compat_ == Compat::kBing &&
      std::find(kNeverSplit.begin(), kNeverSplit.end(), word) != kNeverSplit.end()) {
    words.push_back(word);
  } else if (lower_case_) {
    split_on_punctuation(lower_and_strip_accents(word), words);
  } else {
    split_on_punctuation(word, words);
  }
  word.clear();
}

std::vector<std::string> BasicTokenizer::tokenize(std::string_view text) const {
  std::vector<std::string> words;
  std::string word;
  for_each_code_point(text, [&](char32_t code_point, std::string_view bytes) {
    if (is_space(code_point)) {
      finish_word(word, words);
    } else if (is_deleted(code_point)) {
      return;
    } else if (is_cjk_ideograph(code_point)) {
      finish_word(word, words);
      word = bytes;
      finish_word(word, words);
    } else {
      word += bytes;
    }
  });
  finish_word(word, words);
  return words;
}

}  // namespace squad
