#include "squad/text/word_piece.h"

#include <algorithm>
#include <string>

#include "squad/text/unicode.h"

namespace squad {
namespace {

constexpr std::string_view kContinuation = "##";

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace

void WordPiece::append(std::string_view word, std::vector<int32_t>& ids) const {
  const std::size_t before = ids.size();
  if (count_code_points(word) > max_characters_ || !append_pieces(word, ids)) {
    ids.resize(before);
    ids.push_back(vocabulary_->unknown());
  }
}

bool WordPiece::append_pieces(std::string_view word, std::vector<int32_t>& ids) const {
  std::string piece;
  for (std::size_t begin = 0; begin < word.size();) {
    piece = begin == 0 ? "" : kContinuation;
    const std::size_t prefix = piece.size();
    piece += word.substr(begin, vocabulary_->longest_token());
    int32_t id = vocabulary_->find(piece);
    while (id < 0 && piece.size() > prefix) {
      while (continues_character(piece.back()) && piece.size() > prefix + 1) piece.pop_back();
      piece.pop_back();
      // Characters go as a whole, so that what is left is UTF-8 and can be a token.
      if (piece.size() > prefix) id = vocabulary_->find(piece);
    }
    if (id < 0 || piece.size() == prefix) return false;
    ids.push_back(id);
    begin += piece.size() - prefix;
  }
  return true;
}

}  // namespace squad
