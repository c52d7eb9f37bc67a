#include "squad/json/json_node.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "squad/squad_error.h"
#include "squad/text/text_file.h"

namespace squad {
namespace {

using nlohmann::json;

constexpr int kMaxLevels = 64;
constexpr std::size_t kMaxQuotedBytes = 80;

/// Sees every event of the parser: its tree would keep the last of two equal keys without a word.
class Watch {
 public:
  explicit Watch(const std::string& file) : file_(file) {}

  bool operator()(int depth, json::parse_event_t event, const json& value) {
    if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
      if (depth >= kMaxLevels) {
        throw SquadError(
            fmt::format("{}: more than {} levels of arrays and objects inside each other; give a "
                        "SQuAD file",
                        file_, kMaxLevels));
      }
      keys_.emplace_back();
    } else if (event == json::parse_event_t::object_end ||
               event == json::parse_event_t::array_end) {
      keys_.pop_back();
    } else if (event == json::parse_event_t::key) {
      const auto& key = value.get_ref<const std::string&>();
      if (!keys_.back().insert(key).second) {
        throw SquadError(
            fmt::format("{}: the key {} is given twice in one object; keep one of them", file_,
                        in_quotes(key)));
      }
    }
    return true;
  }

 private:
  const std::string& file_;
  std::vector<std::set<std::string>> keys_;
};

/// The parser's reason without its name for it, its position, and the bytes that it read last,
/// which need not be printable.
std::string reason(const std::string& what) {
  const std::size_t begin = what.rfind(": ", what.find("; last read"));
  const std::size_t start = begin == std::string::npos ? 0 : begin + 2;
  return what.substr(start, what.find("; last read", start) - start);
}

/// "line:column" of byte `position`, which counts from 1; columns are bytes.
std::string place(std::string_view text, std::size_t position) {
  const std::size_t end = std::min(position > 0 ? position - 1 : 0, text.size());
  const std::string_view before = text.substr(0, end);
  const std::size_t line_end = before.rfind('\n');
  const std::size_t column = line_end == std::string_view::npos ? end + 1 : end - line_end;
  return fmt::format("{}:{}", 1 + std::count(before.begin(), before.end(), '\n'), column);
}

}  // namespace

JsonNode JsonNode::parse(std::string_view text, const std::string& file) {
  try {
    auto document = std::make_shared<Document>(
        Document{file, json::parse(text.begin(), text.end(),
                                   [watch = std::make_shared<Watch>(file)](
                                       int depth, json::parse_event_t event, json& value) {
                                     return (*watch)(depth, event, value);
                                   })});
    const json* root = &document->root;
    return {std::move(document), root, ""};
  } catch (const json::parse_error& error) {
    throw SquadError(fmt::format("{}:{}: not JSON: {}; correct it there or just before", file,
                                 place(text, error.byte), reason(error.what())));
  }
}

JsonNode JsonNode::read(const std::filesystem::path& file) {
  return parse(read_text_file(file), file.string());
}

const std::string& JsonNode::text() const {
  if (!value_->is_string()) {
    fail(fmt::format("expected a string, found {}", value_->type_name()));
  }
  return value_->get_ref<const std::string&>();
}

std::vector<JsonNode> JsonNode::elements() const {
  if (!value_->is_array()) {
    fail(fmt::format("expected an array, found {}", value_->type_name()));
  }
  std::vector<JsonNode> result;
  result.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) {
    result.push_back({document_, &(*value_)[i], fmt::format("{}/{}", path_, i)});
  }
  return result;
}

JsonNode JsonNode::member(const std::string& key) const {
  const auto& all = members();
  const auto found = all.find(key);
  if (found == all.end()) {
    fail(fmt::format("the key {} is missing", in_quotes(key)));
  }
  return {document_, &found->second, fmt::format("{}/{}", path_, key)};
}

const json::object_t& JsonNode::members() const {
  if (!value_->is_object()) {
    fail(fmt::format("expected an object, found {}", value_->type_name()));
  }
  return value_->get_ref<const json::object_t&>();
}

void JsonNode::fail(const std::string& problem) const {
  throw SquadError(path_.empty() ? fmt::format("{}: {}", document_->file, problem)
                                 : fmt::format("{}: {}: {}", document_->file, path_, problem));
}

std::string in_quotes(std::string_view text) {
  const bool cut = text.size() > kMaxQuotedBytes;
  const json value = std::string(text.substr(0, kMaxQuotedBytes));
  return value.dump(-1, ' ', true, json::error_handler_t::ignore) + (cut ? "..." : "");
}

}  // namespace squad
