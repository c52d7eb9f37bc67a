#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "squad/text/vocabulary.h"

namespace squad {

/// BERT's WordPiece: a word to the ids of the longest pieces from its beginning that are in the
/// vocabulary, each but the first written "##piece" there.
class WordPiece {
 public:
  /// A word of more than `max_characters` code points is [UNK]. Keeps a reference to `vocabulary`.
  WordPiece(const Vocabulary& vocabulary, std::size_t max_characters)
      : vocabulary_(&vocabulary), max_characters_(max_characters) {}

  /// Appends the ids of `word`, UTF-8; [UNK] alone where some part of it has no piece.
  void append(std::string_view word, std::vector<int32_t>& ids) const;

 private:
  bool append_pieces(std::string_view word, std::vector<int32_t>& ids) const;

  const Vocabulary* vocabulary_;
  std::size_t max_characters_;
};

}  // namespace squad
