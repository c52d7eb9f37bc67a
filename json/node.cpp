#include "json/node.h"

#include <utility>

#include <fmt/format.h>

#include "files/text_file.h"
#include "json/error.h"
#include "json/in_quotes.h"
#include "json/strict_json.h"

namespace json {

using nlohmann::json;

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
  const auto& all = members();
  const auto found = all.find(key);
  if (found == all.end()) {
    fail(fmt::format("the key {} is missing", in_quotes(key)));
  }
  return {document_, &found->second, fmt::format("{}/{}", path_, key)};
}

const json::object_t& Node::members() const {
  if (!value_->is_object()) {
    fail(fmt::format("expected an object, found {}", value_->type_name()));
  }
  return value_->get_ref<const json::object_t&>();
}

void Node::fail(const std::string& problem) const {
  throw Error(path_.empty() ? fmt::format("{}: {}", document_->file, problem)
                            : fmt::format("{}: {}: {}", document_->file, path_, problem));
}

}  // namespace json
