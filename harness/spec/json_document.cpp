#include "harness/spec/json_document.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "harness/protocol/shallow_json.h"
#include "harness/spec/limits.h"
#include "harness/spec/spec_failure.h"
#include "harness/spec/sweep_spec.h"

namespace harness {
namespace {

/// Follows the parser to know where in the document it is, which the library's own tree builder
/// does not tell: it keeps the last of two equal keys without a word.
class DocumentGuard : public nlohmann::json_sax<SpecJson> {
 public:
  explicit DocumentGuard(std::filesystem::path file) : file_(std::move(file)) {}

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool start_object(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    level.key = name;
    if (!level.keys.insert(name).second) {
      fail_spec(file_, pointer(), "the key is given twice", "keep one of them");
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& error) override {
    position_ = position;
    // "[json.exception.parse_error.101] parse error at line 1, column 2: ..." without the library's
    // name for it.
    problem_ = error.what();
    problem_ = problem_.substr(problem_.find("] ") + 2);
    if (problem_.starts_with("parse error at ")) {
      problem_ = problem_.substr(problem_.find(": ") + 2);
    }
    return false;
  }

  std::size_t position() const { return position_; }
  const std::string& problem() const { return problem_; }

 private:
  struct Level {
    bool is_object;
    std::set<std::string> keys;
    std::string key;
    std::size_t index = 0;
  };

  bool value() {
    if (!levels_.empty()) {
      ++levels_.back().index;
    }
    return true;
  }
  bool open(bool is_object) {
    if (levels_.size() >= static_cast<std::size_t>(kMaxJsonLevels)) {
      fail_spec(file_, pointer(),
                fmt::format("nested too deep: more than {} levels", kMaxJsonLevels),
                "write arrays and objects in fewer levels");
    }
    levels_.push_back({is_object, {}, {}, 0});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return value();
  }
  nlohmann::json::json_pointer pointer() const {
    nlohmann::json::json_pointer path;
    for (const Level& level : levels_) {
      path /= level.is_object ? level.key : std::to_string(level.index);
    }
    return path;
  }

  std::filesystem::path file_;
  std::vector<Level> levels_;
  std::size_t position_ = 0;
  std::string problem_;
};

}  // namespace

SpecJson parse_json_text(const std::filesystem::path& file, const std::string& text) {
  DocumentGuard guard(file);
  if (!SpecJson::sax_parse(text, &guard)) {
    const std::size_t end = std::min(guard.position() > 0 ? guard.position() - 1 : 0, text.size());
    const auto before = text.begin() + static_cast<std::ptrdiff_t>(end);
    const auto line = 1 + std::count(text.begin(), before, '\n');
    const std::size_t line_start = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
    const std::size_t column = line_start == std::string::npos ? end + 1 : end - line_start;
    throw SpecError(fmt::format("{}:{}:{}: not JSON: {}; correct it there or just before",
                                file.string(), line, column, guard.problem()));
  }
  return SpecJson::parse(text);
}

SpecJson read_json_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    throw SpecError(fmt::format("{}: no such file; give the path of a JSON file", file.string()));
  }
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size > static_cast<std::uintmax_t>(kMaxDocumentBytes)) {
    throw SpecError(
        fmt::format("{}: {} bytes are more than the {} that a JSON file may have here; "
                    "give another file",
                    file.string(), size, kMaxDocumentBytes));
  }
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) {
    throw SpecError(
        fmt::format("{}: cannot be read; check the permissions of the file", file.string()));
  }
  return parse_json_text(file, text);
}

}  // namespace harness
