#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "squad/examples/document.h"
#include "squad/text/tokenizer.h"

namespace squad {

/// A document as ids, tokenized word by word.
struct TokenizedDocument {
  std::vector<int32_t> ids;
  std::vector<int32_t> word_of_token;
  /// For each word its first token; of a word without tokens, the next word's.
  std::vector<int32_t> first_token;
};

/// Tokenizes documents and remembers each word's ids: texts repeat theirs.
class DocumentTokenizer {
 public:
  /// Keeps a reference to `tokenizer`.
  explicit DocumentTokenizer(const Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}

  TokenizedDocument tokenize(const Document& document);

 private:
  const Tokenizer* tokenizer_;
  std::unordered_map<std::string, std::vector<int32_t>> ids_;
};

/// First and last token of an answer.
struct TokenSpan {
  int32_t first = 0;
  int32_t last = 0;

  bool operator==(const TokenSpan&) const = default;
};

/// The tokens of words `first_word` to `last_word`, narrowed to the first run among them that is
/// exactly `answer`, the answer's own tokens: of "(1895-1943)." the answer "1895" is one token.
/// All of them where there is no such run. Empty (last < first) where the words have no tokens.
TokenSpan answer_tokens(const TokenizedDocument& document, int32_t first_word, int32_t last_word,
                        const std::vector<int32_t>& answer);

}  // namespace squad
