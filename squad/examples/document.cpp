#include "squad/examples/document.h"

#include <cstddef>

#include "squad/text/unicode.h"

namespace squad {
namespace {

constexpr char32_t kNarrowNoBreakSpace = 0x202F;

bool separates_words(char32_t code_point) {
  return code_point == ' ' || code_point == '\t' || code_point == '\r' || code_point == '\n' ||
         code_point == kNarrowNoBreakSpace;
}

}  // namespace

std::string Document::text(int32_t first, int32_t last) const {
  std::string text;
  for (int32_t word = first; word <= last; ++word) {
    if (word > first) text += ' ';
    text += words.at(static_cast<std::size_t>(word));
  }
  return text;
}

IndexedDocument index_document(std::string_view context) {
  IndexedDocument result;
  std::vector<std::string>& words = result.document.words;
  bool after_space = true;
  for_each_code_point(context, [&](char32_t code_point, std::string_view bytes) {
    const bool space = separates_words(code_point);
    if (!space && after_space) words.emplace_back();
    if (!space) words.back() += bytes;
    after_space = space;
    result.word_of_character.push_back(static_cast<int32_t>(words.size()) - 1);
  });
  return result;
}

}  // namespace squad
