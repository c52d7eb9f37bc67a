#include "squad/evaluation/normalize_answer.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/uchar.h>
#include <unicode/utypes.h>

#include "squad/squad_error.h"
#include "squad/text/unicode.h"

namespace squad {
namespace {

/// Python's str.lower(): the whole string at once, because of the final sigma.
std::string lower(std::string_view text) {
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower("", 0, {text.data(), static_cast<int32_t>(text.size())}, sink, nullptr,
                            status);
  if (U_FAILURE(status)) {
    throw SquadError(std::string("ICU cannot lower-case text: ") + u_errorName(status) +
                     "; check the installation of libicu");
  }
  return result;
}

/// Python's string.punctuation.
bool is_ascii_punctuation(char32_t code_point) {
  return code_point > ' ' && code_point < 0x7F &&
         (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & (U_GC_L_MASK | U_GC_N_MASK)) == 0;
}

/// \w of Python's re: what str.isalnum() holds for. The underscore, a word character as well, is
/// gone by then.
bool is_word_character(char32_t code_point) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

bool is_article(std::string_view word) {
  return word == "a" || word == "an" || word == "the";
}

/// A space in the place of every run of word characters that is an article: what
/// re.sub(r'\b(a|an|the)\b', ' ') does.
std::string without_articles(std::string_view text) {
  std::string result;
  std::string word;
  const auto finish_word = [&] {
    result += is_article(word) ? " " : word;
    word.clear();
  };
  for_each_code_point(text, [&](char32_t code_point, std::string_view bytes) {
    if (is_word_character(code_point)) {
      word += bytes;
    } else {
      finish_word();
      result += bytes;
    }
  });
  finish_word();
  return result;
}

}  // namespace

std::string normalize_answer(std::string_view text) {
  std::string plain;
  for_each_code_point(lower(text), [&plain](char32_t code_point, std::string_view bytes) {
    if (!is_ascii_punctuation(code_point)) plain += bytes;
  });
  const std::string content = without_articles(plain);
  std::string result;
  for (const std::string_view word : split_spaces(content)) {
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

}  // namespace squad
