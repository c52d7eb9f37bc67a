#include "harness/protocol/facts.h"

#include <set>

#include <fmt/format.h>

#include "harness/protocol/strict_object.h"

namespace harness {

std::string differences(const Facts& before, const Facts& now) {
  std::set<std::string> names;
  for (const auto& [name, value] : before) names.insert(name);
  for (const auto& [name, value] : now) names.insert(name);
  const auto value_in = [](const Facts& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string("none") : found->second;
  };
  std::string text;
  for (const auto& name : names) {
    const auto was = value_in(before, name);
    const auto is = value_in(now, name);
    if (was != is) text += fmt::format("{}{}: {}, was {}", text.empty() ? "" : "; ", name, is, was);
  }
  return text;
}

Facts parse_facts(const nlohmann::json& json) {
  Facts facts;
  for (const auto& [name, value] : StrictObject(json).take_rest()) {
    at_key(name, [&facts, &key = name, &text = value] { read_value(text, facts[key]); });
  }
  return facts;
}

}  // namespace harness
