#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "json/in_quotes.h"

namespace json {

/// A value of a JSON file that knows where it stands, so that every error names file and JSON path.
class Node {
 public:
  /// Parse UTF-8 `text` as parse_strict_json does; `file` is what errors call it.
  static Node parse(std::string_view text, const std::string& file);

  /// The file (.xz too, see files::read_text_file), parsed. Throws files::FileError.
  static Node read(const std::filesystem::path& file);

  // Each throws Error where the value is of another type or has no such key.
  const std::string& text() const;
  bool boolean() const;
  double number() const;                             ///< always finite
  int64_t integer(int64_t low, int64_t high) const;  ///< in [low, high], else an Error
  std::vector<Node> elements() const;                ///< of an array
  Node member(const std::string& key) const;
  std::optional<Node> find(const std::string& key) const;  ///< none where there is no such key
  const nlohmann::json::object_t& members() const;

  const nlohmann::json& value() const { return *value_; }
  const std::string& file() const { return document_->file; }
  const std::string& path() const { return path_; }  ///< a JSON pointer, "" for the whole document
  /// The value as messages show it: JSON in ASCII, cut after 60 bytes.
  std::string shown() const;

  /// Throws Error "<file>: <JSON pointer>: <problem>"; for the whole document without pointer.
  [[noreturn]] void fail(const std::string& problem) const;

 private:
  struct Document {
    std::string file;
    nlohmann::json root;
  };
  Node(std::shared_ptr<const Document> document, const nlohmann::json* value, std::string path)
      : document_(std::move(document)), value_(value), path_(std::move(path)) {}

  std::shared_ptr<const Document> document_;
  const nlohmann::json* value_;
  std::string path_;
};

}  // namespace json
