#include "harness/spec/implementation_axis.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/spec/entry_names.h"
#include "machine/program_path.h"

namespace harness {
namespace {

/// As long as the catalog's names get in tables.
constexpr std::size_t kLongestName = 32;

std::string read_foreign_name(const SpecNode& node, const Catalog& catalog) {
  const std::string name = node.text();
  const bool is_identifier = !name.empty() && name.size() <= kLongestName &&
                             std::all_of(name.begin(), name.end(), [](char c) {
                               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                             });
  if (!is_identifier) {
    node.fail(fmt::format("{} cannot be the name of an implementation", node.shown()),
              fmt::format("use 1 to {} of the characters a-z 0-9 _", kLongestName));
  }
  if (catalog.find_implementation(name) != nullptr) {
    node.fail(fmt::format("{} is an implementation of bench_sweep's own", node.shown()),
              "give it another name, or leave out its worker");
  }
  return name;
}

std::string read_program(const SpecNode& node) {
  if (const auto file = node.find_file()) {
    if (machine::find_program(file->string())) return file->string();
    node.fail(fmt::format("{} may not be executed", file->string()),
              "set its executable bit, or begin with the program that runs it");
  }
  if (const auto program = machine::find_program(node.text())) return program->string();
  node.fail(fmt::format("there is no program {}, neither as a file nor in PATH", node.shown()),
            "give a path relative to this file, or a program's name");
}

std::vector<std::string> read_worker(const SpecNode& node) {
  const std::vector<SpecNode> words = node.elements();
  std::vector<std::string> worker = {read_program(words.front())};
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto file = words[i].find_file();
    worker.push_back(file ? file->string() : words[i].text());
  }
  return worker;
}

}  // namespace

void read_implementation_axis(const SpecNode& axis, const Catalog& catalog, SweepSpec& spec) {
  const std::vector<SpecNode> elements = axis.elements();
  for (const SpecNode& element : elements) {
    if (!element.json().is_object()) {
      spec.implementations.push_back(
          element.name_among(names_of(catalog.implementations), "implementation"));
      continue;
    }
    element.only_keys({"name", "worker"});
    const std::string name = read_foreign_name(element.at("name"), catalog);
    spec.implementations.push_back(name);
    spec.workers[name] = read_worker(element.at("worker"));
  }
  require_distinct(elements, spec.implementations);
}

}  // namespace harness
