#include "harness/protocol/json_fault.h"

#include <algorithm>
#include <tuple>
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

/// Builds the document and knows where in it the parser is. The library's own builder does not
/// tell, and keeps the last of two equal keys without a word.
class CheckedBuilder final : public nlohmann::json_sax<json> {
 public:
  explicit CheckedBuilder(const std::string& text) : text_(text) {}

  CheckedJson take() { return {std::move(document_), std::move(fault_)}; }

  bool null() override { return scalar(nullptr); }
  bool boolean(bool value) override { return scalar(value); }
  bool number_integer(number_integer_t value) override { return scalar(value); }
  bool number_unsigned(number_unsigned_t value) override { return scalar(value); }
  bool number_float(number_float_t value, const string_t&) override { return scalar(value); }
  bool string(string_t& value) override { return scalar(std::move(value)); }
  bool binary(binary_t& value) override { return scalar(std::move(value)); }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    bool added = false;
    std::tie(level.entry, added) =
        level.value->get_ref<json::object_t&>().try_emplace(std::move(name));
    return added || fail("the key is given twice", "keep one of them");
  }

  bool parse_error(std::size_t position, const std::string&,
                   const json::exception& error) override {
    fault_ = JsonFault{place(text_, position), json::json_pointer(),
                       "not JSON: " + reason(error.what()), "correct it there or just before"};
    return false;
  }

 private:
  /// An object or array that is not closed yet.
  struct Level {
    json* value;
    json::object_t::iterator entry;  ///< of an object, the one that is being read
  };

  bool scalar(json value) {
    put(std::move(value));
    return true;
  }
  /// Where `value` stands in the document now.
  json* put(json value) {
    if (levels_.empty()) {
      document_ = std::move(value);
      return &document_;
    }
    const Level& level = levels_.back();
    if (level.value->is_array()) {
      auto& array = level.value->get_ref<json::array_t&>();
      array.push_back(std::move(value));
      return &array.back();
    }
    level.entry->second = std::move(value);
    return &level.entry->second;
  }
  bool open(json empty) {
    json* const value = put(std::move(empty));
    if (levels_.size() >= static_cast<std::size_t>(kMaxJsonLevels)) {
      return fail(fmt::format("nested too deep: more than {} levels", kMaxJsonLevels),
                  "write arrays and objects in fewer levels");
    }
    levels_.push_back({value, {}});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }
  bool fail(std::string problem, std::string remedy) {
    fault_ = JsonFault{"", json::json_pointer(), std::move(problem), std::move(remedy)};
    for (const Level& level : levels_) {
      fault_->pointer /=
          level.value->is_object() ? level.entry->first : std::to_string(level.value->size() - 1);
    }
    return false;
  }

  const std::string& text_;
  json document_;
  std::vector<Level> levels_;
  std::optional<JsonFault> fault_;
};

}  // namespace

CheckedJson check_json(const std::string& text) {
  CheckedBuilder builder(text);
  json::sax_parse(text, &builder);
  return builder.take();
}

}  // namespace harness
