#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "squad/examples/document.h"

namespace squad {

/// What questions are read for: training needs their answers, prediction does not look at them.
enum class Purpose { kTraining, kPrediction };

/// An answer, and the words of the document that it lies in, both included.
struct WordSpan {
  std::string text;  ///< as people gave it; may begin or end inside a word
  int32_t first = 0;
  int32_t last = 0;
};

struct Example {
  std::string id;
  std::string question;
  std::size_t document = 0;        ///< index into Examples::documents
  std::optional<WordSpan> answer;  ///< in training always, in prediction never
};

struct Examples {
  std::string file;
  Purpose purpose = Purpose::kPrediction;
  std::vector<Document> documents;    ///< one a paragraph
  std::vector<Example> examples;      ///< in the file's order, ids unique, at least one
  std::vector<std::string> warnings;  ///< one line for each question that was left out
  uint64_t content_hash = 0;          ///< names the file's text and the purpose
};

/// Parse a SQuAD v1.1 data file; `file` is what errors call it.
///
/// For training each question must have exactly one answer. A question whose answer is not where
/// `answer_start` (in code points) says, white space aside, is left out with a warning.
/// Throws json::Error where it is no such file, has no questions, has an id twice, or for training
/// a question with more or fewer answers, or none that can be used.
Examples parse_examples(std::string_view text, const std::string& file, Purpose purpose);

/// The same of a file, which may be an .xz. Throws files::FileError where it cannot be read.
Examples read_examples(const std::filesystem::path& file, Purpose purpose);

}  // namespace squad
