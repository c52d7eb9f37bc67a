#include "json/strict_json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "json/error.h"
#include "json/in_quotes.h"

namespace json {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxLevels = 64;

/// "line:column" of byte `position`, which counts from 1; columns are bytes.
std::string place(std::string_view text, std::size_t position) {
  const std::size_t end = std::min(position > 0 ? position - 1 : 0, text.size());
  const std::string_view before = text.substr(0, end);
  const std::size_t line_end = before.rfind('\n');
  const std::size_t column = line_end == std::string_view::npos ? end + 1 : end - line_end;
  return fmt::format("{}:{}", 1 + std::count(before.begin(), before.end(), '\n'), column);
}

/// The parser's reason without its name for it, its position, and the bytes that it read last,
/// which need not be printable.
std::string reason(const std::string& what) {
  const std::size_t begin = what.rfind(": ", what.find("; last read"));
  const std::size_t start = begin == std::string::npos ? 0 : begin + 2;
  return what.substr(start, what.find("; last read", start) - start);
}

/// Builds the tree from the parser's events: its own builder keeps the last of two equal keys
/// without a word, and tells no position of a number that is out of range.
class TreeBuilder : public nlohmann::json_sax<json> {
 public:
  TreeBuilder(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& value) override { return add(std::move(value)); }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const auto [member, is_new] = levels_.back()->get_ref<json::object_t&>().emplace(name, nullptr);
    if (!is_new) {
      throw Error(fmt::format("{}: the key {} is given twice in one object; keep one of them",
                              file_, in_quotes(name)));
    }
    member_ = &member->second;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token,
                   const json::exception& error) override {
    if (dynamic_cast<const json::out_of_range*>(&error) != nullptr) {
      throw Error(fmt::format("{}:{}: the number {} is out of a double's range; give a smaller one",
                              file_, place(text_, position - token.size() + 1), in_quotes(token)));
    }
    throw Error(fmt::format("{}:{}: not JSON: {}; correct it there or just before", file_,
                            place(text_, position), reason(error.what())));
  }

 private:
  /// Where the next value belongs.
  json& insert(json value) {
    if (levels_.empty()) return root_ = std::move(value);
    if (levels_.back()->is_array()) {
      return levels_.back()->get_ref<json::array_t&>().emplace_back(std::move(value));
    }
    return *member_ = std::move(value);
  }
  bool add(json value) {
    insert(std::move(value));
    return true;
  }
  bool open(json value) {
    if (levels_.size() >= kMaxLevels) {
      throw Error(
          fmt::format("{}: more than {} levels of arrays and objects inside each other; write "
                      "fewer",
                      file_, kMaxLevels));
    }
    levels_.push_back(&insert(std::move(value)));
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::string& file_;
  json root_;
  std::vector<json*>
      levels_;  ///< open arrays and objects; a vector that grows has its last child closed
  json* member_ = nullptr;  ///< of the open object, the value whose key was read last
};

}  // namespace

json parse_strict_json(std::string_view text, const std::string& file) {
  TreeBuilder builder(text, file);
  json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

}  // namespace json
