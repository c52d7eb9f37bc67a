#include "squad/answers/final_text.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "squad/text/unicode.h"

namespace squad {
namespace {

/// Bytes of one character in a text: [begin, end).
struct Character {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Every character but U+0020; other white space stays.
std::vector<Character> characters_without_spaces(std::string_view text) {
  std::vector<Character> result;
  std::size_t at = 0;
  for_each_code_point(text, [&](char32_t code_point, std::string_view bytes) {
    if (code_point != U' ') result.push_back({at, at + bytes.size()});
    at += bytes.size();
  });
  return result;
}

std::string tokenized(std::string_view text, const BasicTokenizer& tokenizer) {
  std::string result;
  for (const std::string& token : tokenizer.tokenize(text)) {
    if (!result.empty()) result += ' ';
    result += token;
  }
  return result;
}

}  // namespace

std::string final_text(std::string_view predicted, std::string_view original,
                       const BasicTokenizer& tokenizer) {
  const std::string tokens = tokenized(original, tokenizer);
  const std::size_t begin = tokens.find(predicted);
  const auto token_characters = characters_without_spaces(tokens);
  const auto original_characters = characters_without_spaces(original);
  if (begin == std::string::npos || token_characters.size() != original_characters.size()) {
    return std::string(original);
  }
  const auto first = std::ranges::lower_bound(token_characters, begin, {}, &Character::begin);
  const std::size_t end = begin + predicted.size();
  const auto last = std::ranges::lower_bound(token_characters, end, {}, &Character::end);
  if (predicted.empty() || first == token_characters.end() || first->begin != begin ||
      last == token_characters.end() || last->end != end) {
    return std::string(original);
  }
  const auto original_of = [&](auto character) {
    return original_characters[static_cast<std::size_t>(character - token_characters.begin())];
  };
  const std::size_t original_begin = original_of(first).begin;
  return std::string(original.substr(original_begin, original_of(last).end - original_begin));
}

}  // namespace squad
