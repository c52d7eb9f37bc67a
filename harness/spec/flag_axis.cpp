#include "harness/spec/flag_axis.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace harness {
namespace {

/// A non-empty array of distinct flag names.
std::vector<std::string> read_flag_names(const SpecNode& node, const Catalog& catalog) {
  std::vector<std::string> known;
  for (const FlagEntry& entry : catalog.flags) {
    known.push_back(entry.name);
  }
  const std::vector<SpecNode> elements = node.elements();
  std::vector<std::string> names;
  for (const SpecNode& element : elements) {
    names.push_back(element.name_among(known, "flag"));
  }
  require_distinct(elements, names);
  return names;
}

bool any_supports(const Catalog& catalog, const std::vector<std::string>& implementations,
                  const FlagSet& set) {
  return std::any_of(implementations.begin(), implementations.end(),
                     [&](const auto& name) { return supports(catalog.implementation(name), set); });
}

void read_sets(const SpecNode& node, const Catalog& catalog,
               const std::vector<std::string>& implementations, FlagAxis& axis) {
  const std::vector<SpecNode> elements = node.elements();
  std::vector<std::string> texts;
  axis.sets.clear();
  for (const SpecNode& element : elements) {
    FlagSet set = read_flag_set(element, catalog);
    if (!any_supports(catalog, implementations, set)) {
      element.fail(fmt::format("no implementation of this sweep supports {}", element.shown()),
                   "drop the set, or add an implementation that does");
    }
    texts.push_back(fmt::format("{}", fmt::join(set, "+")));
    axis.sets.push_back(std::move(set));
  }
  require_distinct(elements, texts);
}

void read_kind(const SpecNode& node, const Catalog& catalog,
               const std::vector<std::string>& implementations, FlagAxis& axis) {
  if (!node.json().is_string()) {
    axis.kind = FlagAxis::Kind::kSets;
    read_sets(node, catalog, implementations, axis);
    return;
  }
  axis.kind = node.name_among({"all", "cheapest"}, "choice of flags") == "all"
                  ? FlagAxis::Kind::kAll
                  : FlagAxis::Kind::kCheapest;
}

void read_add(const SpecNode& node, const Catalog& catalog,
              const std::vector<std::string>& implementations, FlagAxis& axis) {
  if (axis.kind == FlagAxis::Kind::kSets) {
    node.fail("'add' goes with \"all\" or \"cheapest\"", "write the flags into the sets");
  }
  const std::vector<std::string> names = read_flag_names(node, catalog);
  const std::vector<SpecNode> elements = node.elements();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (catalog.find_flag(names[i])->memory_flag) {
      elements[i].fail(
          fmt::format("{} is a memory flag, which the sets have already", elements[i].shown()),
          "add only other flags");
    }
    if (!any_supports(catalog, implementations, {names[i]})) {
      elements[i].fail(
          fmt::format("no implementation of this sweep supports {}", elements[i].shown()),
          "drop the flag, or add an implementation that does");
    }
  }
  axis.add = in_catalog_order(catalog, names);
  if (const auto conflict = find_conflict(catalog, axis.add)) {
    node.fail(*conflict, "drop one of them");
  }
}

}  // namespace

FlagSet read_flag_set(const SpecNode& node, const Catalog& catalog) {
  if (node.json() == SpecJson::array()) {
    return {};
  }
  FlagSet set = in_catalog_order(catalog, read_flag_names(node, catalog));
  if (const auto conflict = find_conflict(catalog, set)) {
    node.fail(*conflict, "drop one of them");
  }
  return set;
}

FlagAxis read_flag_axis(const SpecNode& node, const Catalog& catalog,
                        const std::vector<std::string>& implementations) {
  FlagAxis axis;
  if (!node.json().is_object()) {
    read_kind(node, catalog, implementations, axis);
    return axis;
  }
  node.only_keys({"sets", "add"});
  read_kind(node.at("sets"), catalog, implementations, axis);
  if (const auto add = node.find("add")) {
    read_add(*add, catalog, implementations, axis);
  }
  return axis;
}

}  // namespace harness
