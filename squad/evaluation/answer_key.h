#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace squad {

/// A question and what people answered.
struct KeyedQuestion {
  std::string id;
  std::vector<std::string> answers;  ///< at least one; may repeat
};

/// What an evaluation needs of a data file: its ids and answer texts, never where answers begin.
struct AnswerKey {
  std::string version;                   ///< "1.1"; empty where the file names none
  std::vector<KeyedQuestion> questions;  ///< in the file's order, ids unique, at least one
};

/// Parse a SQuAD v1.1 data file; `file` is what errors call it. Throws json::Error where it is not
/// one, has no questions, an id twice, or a question without answers.
AnswerKey parse_answer_key(std::string_view text, const std::string& file);

/// The same of a file, which may be an .xz. Throws files::FileError where it cannot be read.
AnswerKey read_answer_key(const std::filesystem::path& file);

}  // namespace squad
