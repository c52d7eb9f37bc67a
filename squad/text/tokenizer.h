#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "squad/text/basic_tokenizer.h"
#include "squad/text/compat.h"
#include "squad/text/vocabulary.h"
#include "squad/text/word_piece.h"

namespace squad {

/// BERT's whole tokenizer: text to ids of word pieces.
class Tokenizer {
 public:
  /// `lower_case` must be what the vocabulary was made with. Keeps a reference to `vocabulary`.
  Tokenizer(const Vocabulary& vocabulary, bool lower_case, Compat compat);

  std::vector<int32_t> ids(std::string_view text) const;
  /// The same as text: "play", "##ing".
  std::vector<std::string> tokens(std::string_view text) const;

  const Vocabulary& vocabulary() const { return *vocabulary_; }
  const BasicTokenizer& basic() const { return basic_; }
  bool lower_case() const { return lower_case_; }
  Compat compat() const { return compat_; }

 private:
  const Vocabulary* vocabulary_;
  bool lower_case_;
  Compat compat_;
  BasicTokenizer basic_;
  WordPiece word_piece_;
};

}  // namespace squad
