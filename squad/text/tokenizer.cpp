#include "squad/text/tokenizer.h"

namespace squad {
namespace {

/// Code points above which a word is [UNK].
constexpr std::size_t kGoogleMaxCharacters = 200;
constexpr std::size_t kBingMaxCharacters = 100;

}  // namespace

Tokenizer::Tokenizer(const Vocabulary& vocabulary, bool lower_case, Compat compat)
    : vocabulary_(&vocabulary),
      lower_case_(lower_case),
      compat_(compat),
      basic_(lower_case, compat),
      word_piece_(vocabulary, compat == Compat::kBing ? kBingMaxCharacters : kGoogleMaxCharacters) {
}

std::vector<int32_t> Tokenizer::ids(std::string_view text) const {
  std::vector<int32_t> ids;
  for (const std::string& word : basic_.tokenize(text)) word_piece_.append(word, ids);
  return ids;
}

std::vector<std::string> Tokenizer::tokens(std::string_view text) const {
  std::vector<std::string> tokens;
  for (const int32_t id : ids(text)) tokens.push_back(vocabulary_->token(id));
  return tokens;
}

}  // namespace squad
