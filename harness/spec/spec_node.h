#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/json_document.h"

namespace harness {

/// A value of a JSON file together with where it stands, so that whatever is wrong with it can be
/// said in one line. Refers to the document, which must outlive it. All readers throw SpecError.
class SpecNode {
 public:
  SpecNode(const std::filesystem::path& file, const SpecJson& document);

  /// Throws SpecError "file: /pointer: problem; remedy".
  [[noreturn]] void fail(std::string_view problem, std::string_view remedy) const;
  /// The same for a key of this object.
  [[noreturn]] void fail_at(const std::string& key, std::string_view problem,
                            std::string_view remedy) const;

  const SpecJson& json() const { return *json_; }
  /// The value as an error message shows it: JSON, shortened.
  std::string shown() const;

  /// Refuses every key but `known`, and what is not an object.
  void only_keys(const std::vector<std::string>& known) const;
  bool has(const std::string& key) const;
  /// The value under `key`; an error where it is missing.
  SpecNode at(const std::string& key) const;
  /// The value under `key`, or none.
  std::optional<SpecNode> find(const std::string& key) const;
  /// Keys of an object, in the file's order.
  std::vector<std::string> keys() const;

  /// Elements of an array, which must not be empty.
  std::vector<SpecNode> elements() const;

  bool boolean() const;
  std::string text() const;
  /// A string that is one of `known`; `what` names the kind of name ("precision").
  std::string name_among(const std::vector<std::string>& known, std::string_view what) const;
  int64_t integer(int64_t low, int64_t high) const;
  uint64_t unsigned_integer() const;
  /// A finite number.
  double number() const;
  /// A string such as "16 GiB", or an integer of bytes, in [low, kMaxBytes].
  int64_t bytes(int64_t low) const;
  /// The regular file that this text names, relative to this file or else to the current folder, as
  /// an absolute path; none where it names none.
  std::optional<std::filesystem::path> find_file() const;
  /// A path relative to this file, as an absolute one; the file must be there and not be empty.
  std::filesystem::path existing_file() const;
  /// Seconds of a string such as "300 s".
  double seconds() const;
  /// The fraction that a string such as "3 %" is.
  double percentage() const;

 private:
  SpecNode(std::filesystem::path file, const SpecJson& json, SpecJson::json_pointer pointer);
  SpecNode child(const std::string& key, const SpecJson& json) const;

  std::filesystem::path file_;
  const SpecJson* json_;
  SpecJson::json_pointer pointer_;
};

/// Refuses two equal values in an axis: `texts` are the values, in the order of `nodes`.
void require_distinct(const std::vector<SpecNode>& nodes, const std::vector<std::string>& texts);

}  // namespace harness
