#include "squad/features/tokenized_document.h"

#include <algorithm>

namespace squad {

TokenizedDocument DocumentTokenizer::tokenize(const Document& document) {
  TokenizedDocument result;
  for (std::size_t word = 0; word < document.words.size(); ++word) {
    const std::string& text = document.words[word];
    auto known = ids_.find(text);
    if (known == ids_.end()) known = ids_.emplace(text, tokenizer_->ids(text)).first;
    const std::vector<int32_t>& ids = known->second;
    result.first_token.push_back(static_cast<int32_t>(result.ids.size()));
    result.ids.insert(result.ids.end(), ids.begin(), ids.end());
    result.word_of_token.insert(result.word_of_token.end(), ids.size(), static_cast<int32_t>(word));
  }
  return result;
}

TokenSpan answer_tokens(const TokenizedDocument& document, int32_t first_word, int32_t last_word,
                        const std::vector<int32_t>& answer) {
  const auto next_word = static_cast<std::size_t>(last_word) + 1;
  const TokenSpan whole{
      document.first_token.at(static_cast<std::size_t>(first_word)),
      (next_word < document.first_token.size() ? document.first_token[next_word]
                                               : static_cast<int32_t>(document.ids.size())) -
          1};
  if (answer.empty() || whole.last < whole.first) return whole;
  const auto begin = document.ids.begin() + whole.first;
  const auto end = document.ids.begin() + whole.last + 1;
  const auto found = std::search(begin, end, answer.begin(), answer.end());
  if (found == end) return whole;
  const auto first = static_cast<int32_t>(found - document.ids.begin());
  return {first, first + static_cast<int32_t>(answer.size()) - 1};
}

}  // namespace squad
