#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "squad/text/compat.h"

namespace squad {

/// BERT's BasicTokenizer: text to words and single punctuation characters.
///
/// Characters that are NUL, U+FFFD or control are deleted; white space and ideographs separate; if
/// `lower_case`, words are lower-cased, decomposed (NFD) and lose their accents (Mn); punctuation
/// characters become words of their own. `kBing` deletes every category C*, `kGoogle` Cc and Cf
/// only; `kBing` keeps [UNK], [SEP], [PAD], [CLS] and [MASK] whole and in capitals where they stand
/// between white space.
/// Equal to Python's for every character of the Unicode versions that both know.
class BasicTokenizer {
 public:
  BasicTokenizer(bool lower_case, Compat compat) : lower_case_(lower_case), compat_(compat) {}

  /// Words of UTF-8 `text`, none empty. Bytes that are not UTF-8 are deleted as U+FFFD is.
  std::vector<std::string> tokenize(std::string_view text) const;

 private:
  bool is_deleted(char32_t code_point) const;
  void finish_word(std::string& word, std::vector<std::string>& words) const;

  bool lower_case_;
  Compat compat_;
};

}  // namespace squad
