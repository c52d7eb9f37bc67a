#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace squad {

/// A paragraph as answers are cut from it: its words, split at space, tab, line ends and U+202F and
/// nowhere else (other spaces stay inside a word, and the tokenizer splits there later).
struct Document {
  std::vector<std::string> words;

  /// Words `first` to `last`, both included, joined by single spaces.
  std::string text(int32_t first, int32_t last) const;
};

/// A document, and for each character (code point) of its context the index of its word; a space
/// has that of the word before it, -1 where there is none.
struct IndexedDocument {
  Document document;
  std::vector<int32_t> word_of_character;
};

IndexedDocument index_document(std::string_view context);

}  // namespace squad
