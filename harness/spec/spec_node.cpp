#include "harness/spec/spec_node.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/spec/byte_size.h"
#include "harness/spec/duration.h"
#include "harness/spec/limits.h"
#include "harness/spec/nearest_name.h"
#include "harness/spec/percentage.h"
#include "harness/spec/spec_failure.h"

namespace harness {
namespace {

/// "problem; remedy" of a unit parser becomes an error of `node`.
template <typename Parse>
auto parse_quantity(const SpecNode& node, Parse parse) {
  try {
    return parse(node.text());
  } catch (const std::invalid_argument& error) {
    const std::string_view line = error.what();
    const std::size_t cut = line.rfind("; ");
    node.fail(line.substr(0, cut), line.substr(cut + 2));
  }
}

}  // namespace

SpecNode::SpecNode(const std::filesystem::path& file, const SpecJson& document)
    : SpecNode(file, document, SpecJson::json_pointer()) {}

SpecNode::SpecNode(std::filesystem::path file, const SpecJson& json, SpecJson::json_pointer pointer)
    : file_(std::move(file)), json_(&json), pointer_(std::move(pointer)) {}

void SpecNode::fail(std::string_view problem, std::string_view remedy) const {
  fail_spec(file_, pointer_, problem, remedy);
}

void SpecNode::fail_at(const std::string& key, std::string_view problem,
                       std::string_view remedy) const {
  fail_spec(file_, pointer_ / key, problem, remedy);
}

std::string SpecNode::shown() const {
  constexpr std::size_t kShown = 60;
  const std::string text = json_->dump(-1, ' ', false, SpecJson::error_handler_t::replace);
  return text.size() > kShown ? text.substr(0, kShown) + "..." : text;
}

void SpecNode::only_keys(const std::vector<std::string>& known) const {
  for (const std::string& key : keys()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      fail_at(key, "unknown key", suggest(key, known));
    }
  }
}

bool SpecNode::has(const std::string& key) const {
  return json_->contains(key);
}

SpecNode SpecNode::child(const std::string& key, const SpecJson& json) const {
  return SpecNode(file_, json, pointer_ / key);
}

SpecNode SpecNode::at(const std::string& key) const {
  const auto found = find(key);
  if (!found) {
    fail_at(key, "the key is required and missing", "add it");
  }
  return *found;
}

std::optional<SpecNode> SpecNode::find(const std::string& key) const {
  if (!json_->is_object()) {
    fail(fmt::format("expected an object, got {}", shown()), "write {...}");
  }
  const auto found = json_->find(key);
  return found == json_->end() ? std::nullopt : std::optional(child(key, *found));
}

std::vector<std::string> SpecNode::keys() const {
  if (!json_->is_object()) {
    fail(fmt::format("expected an object, got {}", shown()), "write {...}");
  }
  std::vector<std::string> names;
  for (const auto& item : json_->items()) {
    names.push_back(item.key());
  }
  return names;
}

std::vector<SpecNode> SpecNode::elements() const {
  if (!json_->is_array()) {
    fail(fmt::format("expected an array, got {}", shown()), "write [...]");
  }
  if (json_->empty()) {
    fail("the array is empty", "give at least one value");
  }
  std::vector<SpecNode> nodes;
  for (std::size_t i = 0; i < json_->size(); ++i) {
    nodes.push_back(SpecNode(file_, (*json_)[i], pointer_ / i));
  }
  return nodes;
}

bool SpecNode::boolean() const {
  if (!json_->is_boolean()) {
    fail(fmt::format("expected true or false, got {}", shown()), "write true or false");
  }
  return json_->get<bool>();
}

std::string SpecNode::text() const {
  if (!json_->is_string()) {
    fail(fmt::format("expected a string, got {}", shown()), "write \"...\"");
  }
  return json_->get<std::string>();
}

std::string SpecNode::name_among(const std::vector<std::string>& known,
                                 std::string_view what) const {
  const std::string name = text();
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    fail(fmt::format("unknown {} {}", what, shown()), suggest(name, known));
  }
  return name;
}

int64_t SpecNode::integer(int64_t low, int64_t high) const {
  const bool fits =
      json_->is_number_integer() &&
      (!json_->is_number_unsigned() ||
       json_->get<uint64_t>() <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) &&
      json_->get<int64_t>() >= low && json_->get<int64_t>() <= high;
  if (!fits) {
    fail(fmt::format("expected an integer from {} to {}, got {}", low, high, shown()),
         "give a whole number in that range");
  }
  return json_->get<int64_t>();
}

uint64_t SpecNode::unsigned_integer() const {
  if (!json_->is_number_unsigned()) {
    fail(fmt::format("expected an integer from 0 to 2^64 - 1, got {}", shown()),
         "give a whole number in that range");
  }
  return json_->get<uint64_t>();
}

double SpecNode::number() const {
  if (!json_->is_number() || !std::isfinite(json_->get<double>())) {
    fail(fmt::format("expected a number, got {}", shown()), "write it without quotes");
  }
  return json_->get<double>();
}

int64_t SpecNode::bytes(int64_t low) const {
  if (json_->is_string()) {
    const int64_t value = parse_quantity(*this, parse_byte_size);
    if (value < low) {
      fail(fmt::format("expected a memory size of at least {} B, got {}", low, shown()),
           "give a larger one");
    }
    return value;
  }
  if (!json_->is_number()) {
    fail(fmt::format("expected a memory size, got {}", shown()),
         "write for example \"16 GiB\", or an integer of bytes");
  }
  return integer(low, kMaxBytes);
}

std::optional<std::filesystem::path> SpecNode::find_file() const {
  namespace fs = std::filesystem;
  const fs::path name = text();
  for (const fs::path& path : {file_.parent_path() / name, name}) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) return fs::absolute(path).lexically_normal();
  }
  return std::nullopt;
}

std::filesystem::path SpecNode::existing_file() const {
  constexpr const char* kRemedy = "give a path relative to this file, or an absolute one";
  const std::string name = text();
  if (name.empty()) {
    fail("expected the path of a file, got \"\"", kRemedy);
  }
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::absolute(file_.parent_path() / name, error).lexically_normal();
  if (error) {
    fail(fmt::format("no absolute path of {}: {}", shown(), error.message()), kRemedy);
  }
  if (!std::filesystem::is_regular_file(path, error)) {
    fail(fmt::format("no file {}", path.string()), kRemedy);
  }
  if (std::filesystem::file_size(path, error) == 0 || error) {
    fail(fmt::format("the file {} is empty", path.string()), "fetch or write it again");
  }
  return path;
}

double SpecNode::seconds() const {
  return parse_quantity(*this, parse_duration);
}

double SpecNode::percentage() const {
  return parse_quantity(*this, parse_percentage);
}

void require_distinct(const std::vector<SpecNode>& nodes, const std::vector<std::string>& texts) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!seen.insert(texts[i]).second) {
      nodes[i].fail(fmt::format("{} is given twice", nodes[i].shown()), "keep one of them");
    }
  }
}

}  // namespace harness
