#include "harness/protocol/json_fault.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace harness {
namespace {

using nlohmann::json;

/// "line:column" of byte `position` of `text`; both count from 1.
std::string place(const std::string& text, std::size_t position) {
  const std::size_t end = std::min(position > 0 ? position - 1 : 0, text.size());
  const auto before = text.begin() + static_cast<std::ptrdiff_t>(end);
  const auto line = 1 + std::count(text.begin(), before, '\n');
  const std::size_t line_start = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
  return fmt::format("{}:{}", line, line_start == std::string::npos ? end + 1 : end - line_start);
}

/// "[json.exception.parse_error.101] parse error at line 1, column 2: <reason>" without the
/// library's name for it and the position.
std::string reason(std::string what) {
  what = what.substr(what.find("] ") + 2);
  return what.starts_with("parse error at ") ? what.substr(what.find(": ") + 2) : what;
}

/// Follows the parser to know where in the document it is, which the library's own tree builder
/// does not tell: it keeps the last of two equal keys without a word.
class DocumentGuard : public nlohmann::json_sax<json> {
 public:
  explicit DocumentGuard(const std::string& text) : text_(text) {}

  std::optional<JsonFault> take_fault() { return std::move(fault_); }

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
    return level.keys.insert(name).second || fail("the key is given twice", "keep one of them");
  }

  bool parse_error(std::size_t position, const std::string&,
                   const json::exception& error) override {
    fault_ = JsonFault{place(text_, position), json::json_pointer(),
                       "not JSON: " + reason(error.what()), "correct it there or just before"};
    return false;
  }

 private:
  struct Level {
    bool is_object;
    std::set<std::string> keys;
    std::string key;
    std::size_t index = 0;
  };

  bool value() {
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }
  bool open(bool is_object) {
    if (levels_.size() >= static_cast<std::size_t>(kMaxJsonLevels)) {
      return fail(fmt::format("nested too deep: more than {} levels", kMaxJsonLevels),
                  "write arrays and objects in fewer levels");
    }
    levels_.push_back({is_object, {}, {}, 0});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return value();
  }
  bool fail(std::string problem, std::string remedy) {
    fault_ = JsonFault{"", json::json_pointer(), std::move(problem), std::move(remedy)};
    for (const Level& level : levels_) {
      fault_->pointer /= level.is_object ? level.key : std::to_string(level.index);
    }
    return false;
  }

  const std::string& text_;
  std::vector<Level> levels_;
  std::optional<JsonFault> fault_;
};

}  // namespace

std::optional<JsonFault> find_json_fault(const std::string& text) {
  DocumentGuard guard(text);
  json::sax_parse(text, &guard);
  return guard.take_fault();
}

}  // namespace harness
