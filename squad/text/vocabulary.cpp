#include "squad/text/vocabulary.h"

#include <algorithm>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "files/text_file.h"
#include "squad/squad_error.h"
#include "squad/text/unicode.h"

namespace squad {
namespace {

std::string_view strip(std::string_view line) {
  const std::vector<std::string_view> parts = split_spaces(line);
  if (parts.empty()) return {};
  const char* end = parts.back().data() + parts.back().size();
  return {parts.front().data(), static_cast<std::size_t>(end - parts.front().data())};
}

}  // namespace

Vocabulary::Vocabulary(std::string_view text, const std::string& file)
    : content_hash_(XXH3_64bits(text.data(), text.size())) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (!is_utf8(line)) {
      throw SquadError(fmt::format("{}:{}: not UTF-8; give a vocabulary with one token a line",
                                   file, tokens_.size() + 1));
    }
    const std::string_view token = strip(line);
    ids_.insert_or_assign(std::string(token), static_cast<int32_t>(tokens_.size()));
    longest_token_ = std::max(longest_token_, token.size());
    tokens_.emplace_back(token);
    begin = end + 1;
  }
  unknown_ = required("[UNK]", file);
  classifier_ = required("[CLS]", file);
  separator_ = required("[SEP]", file);
}

int32_t Vocabulary::find(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? -1 : found->second;
}

int32_t Vocabulary::required(const char* token, const std::string& file) const {
  const int32_t id = find(token);
  if (id < 0) {
    throw SquadError(
        fmt::format("{}: none of its {} lines is {}; give the vocabulary (vocab.txt) that the "
                    "model was trained with",
                    file, tokens_.size(), token));
  }
  return id;
}

Vocabulary read_vocabulary(const std::filesystem::path& file) {
  return Vocabulary(files::read_text_file(file), file.string());
}

}  // namespace squad
