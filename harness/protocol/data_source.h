#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace harness {

/// How a file of questions becomes windows. Names and defaults are the published programs'.
struct QuestionOptions {
  std::string vocabulary;      ///< absolute path: one word piece a line
  bool do_lower_case = false;  ///< for uncased vocabularies
  int64_t doc_stride = 128;    ///< tokens from one window's beginning to the next one's
  int64_t max_query_length = 64;
  std::string compat = "google";  ///< whose text processing: "google" or "bing"
  bool operator==(const QuestionOptions&) const = default;
};

/// The sequences a cell trains on.
struct DataSource {
  /// "windows": a safetensors file of tokenized SQuAD windows, cut to the cell's sequence length;
  /// "squad": a SQuAD v1.1 file (.json or .json.xz), in windows of the cell's sequence length.
  std::string source;
  std::string file;                               ///< absolute path
  std::optional<QuestionOptions> questions = {};  ///< set exactly where the source is "squad"
  bool operator==(const DataSource&) const = default;
};

/// One object: `source`, `file`, and with "squad" the fields of QuestionOptions beside them.
void to_json(nlohmann::json& json, const DataSource& data);
/// Throws ProtocolError on a missing, mistyped or unknown key.
void from_json(const nlohmann::json& json, DataSource& data);

}  // namespace harness
