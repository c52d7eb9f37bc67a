#include "json/node.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "files/text_file.h"
#include "json/error.h"
#include "json/in_quotes.h"
#include "json/strict_json.h"

namespace json {

using nlohmann::json;
namespace {

/// `key` as a token of a JSON pointer; what is not printable as JSON escapes.
std::string pointer_token(const std::string& key) {
  constexpr std::size_t kMaxBytes = 80;
  const bool plain = key.size() <= kMaxBytes && std::all_of(key.begin(), key.end(), [](char c) {
                       return c > ' ' && c <= '}' && c != '/' && c != '"' && c != '\\';
                     });
  if (plain) return key;
  const std::string pointer = (json::json_pointer() / key).to_string();
  std::string token = in_quotes(pointer.substr(1));
  return token.erase(token.rfind('"'), 1).erase(0, 1);
}

}  // namespace

Node Node::parse(std::string_view text, const std::string& file) {
  auto document = std::make_shared<Document>(Document{file, parse_strict_json(text, file)});
  const json* root = &document->root;
  return {std::move(document), root, ""};
}

Node Node::read(const std::filesystem::path& file) {
  return parse(files::read_text_file(file), file.string());
}

const std::string& Node::text() const {
  if (!value_->is_string()) {
    fail(fmt::format("expected a string, found {}", value_->type_name()));
  }
  return value_->get_ref<const std::string&>();
}

bool Node::boolean() const {
  if (!value_->is_boolean()) fail(fmt::format("expected true or false, found {}", shown()));
  return value_->get<bool>();
}

double Node::number() const {
  if (!value_->is_number()) fail(fmt::format("expected a number, found {}", shown()));
  return value_->get<double>();
}

int64_t Node::integer(int64_t low, int64_t high) const {
  const bool fits = value_->is_number_unsigned()
                        ? high >= 0 && value_->get<uint64_t>() <= static_cast<uint64_t>(high)
                        : value_->is_number_integer() && value_->get<int64_t>() <= high;
  if (!fits || value_->get<int64_t>() < low) {
    fail(fmt::format("expected a whole number from {} to {}, found {}", low, high, shown()));
  }
  return value_->get<int64_t>();
}

std::vector<Node> Node::elements() const {
  if (!value_->is_array()) {
    fail(fmt::format("expected an array, found {}", value_->type_name()));
  }
  std::vector<Node> result;
  result.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) {
    result.push_back({document_, &(*value_)[i], fmt::format("{}/{}", path_, i)});
  }
  return result;
}

Node Node::member(const std::string& key) const {
  const std::optional<Node> found = find(key);
  if (!found) fail(fmt::format("the key {} is missing", in_quotes(key)));
  return *found;
}

std::optional<Node> Node::find(const std::string& key) const {
  const auto& all = members();
  const auto found = all.find(key);
  if (found == all.end()) return std::nullopt;
  return Node(document_, &found->second, fmt::format("{}/{}", path_, pointer_token(key)));
}

const json::object_t& Node::members() const {
  if (!value_->is_object()) {
    fail(fmt::format("expected an object, found {}", value_->type_name()));
  }
  return value_->get_ref<const json::object_t&>();
}

std::string Node::shown() const {
  constexpr std::size_t kMaxBytes = 60;
  const std::string text = value_->dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() > kMaxBytes ? text.substr(0, kMaxBytes) + "..." : text;
}

void Node::fail(const std::string& problem) const {
  throw Error(path_.empty() ? fmt::format("{}: {}", document_->file, problem)
                            : fmt::format("{}: {}: {}", document_->file, path_, problem));
}

}  // namespace json
