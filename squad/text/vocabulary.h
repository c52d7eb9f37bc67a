#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace squad {

/// A WordPiece vocabulary: one token a line, its id the number of the line from 0.
class Vocabulary {
 public:
  /// `text` is the file's content; white space around a token is dropped; of equal tokens the last
  /// counts. Throws SquadError naming `file` where the text is empty, not UTF-8, or has no [UNK],
  /// [CLS] or [SEP].
  Vocabulary(std::string_view text, const std::string& file);

  /// -1 where it has no such token.
  int32_t find(std::string_view token) const;
  const std::string& token(int32_t id) const { return tokens_.at(static_cast<std::size_t>(id)); }
  std::size_t size() const { return tokens_.size(); }

  int32_t unknown() const { return unknown_; }        ///< [UNK]
  int32_t classifier() const { return classifier_; }  ///< [CLS]
  int32_t separator() const { return separator_; }    ///< [SEP]
  /// Bytes of the longest token.
  std::size_t longest_token() const { return longest_token_; }
  /// Names the content: equal for equal texts, on every machine.
  uint64_t content_hash() const { return content_hash_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  int32_t required(const char* token, const std::string& file) const;

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> ids_;
  std::size_t longest_token_ = 0;
  uint64_t content_hash_ = 0;
  int32_t unknown_ = 0;
  int32_t classifier_ = 0;
  int32_t separator_ = 0;
};

/// Throws files::FileError where `file` cannot be read, SquadError where it is no vocabulary.
Vocabulary read_vocabulary(const std::filesystem::path& file);

}  // namespace squad
