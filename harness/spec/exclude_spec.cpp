#include "harness/spec/exclude_spec.h"

#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>

#include "harness/protocol/model_axis.h"
#include "harness/spec/flag_axis.h"
#include "harness/spec/flag_sets.h"
#include "harness/spec/nearest_name.h"

namespace harness {
namespace {

/// Every axis of a sweep with the texts of its values.
using AxisTexts = std::map<std::string, std::vector<std::string>>;

AxisTexts axis_texts(const Catalog& catalog, const SweepSpec& spec) {
  AxisTexts texts;
  texts["implementation"] = spec.implementations;
  texts["precision"] = spec.precisions;
  texts["optimizer"] = spec.optimizers;
  for (const int64_t value : spec.micro_batches) {
    texts["micro_batch"].push_back(std::to_string(value));
  }
  for (const int64_t value : spec.sequence_lengths) {
    texts["sequence_length"].push_back(std::to_string(value));
  }
  for (const std::string& name : spec.implementations) {
    for (const FlagSet& set : flag_sets(catalog, *catalog.find_implementation(name), spec.flags)) {
      texts["flags"].push_back(join_flags(set));
    }
  }
  for (const ModelVariant& model : spec.models) {
    for (const auto& [name, value] : model.axes) {
      texts[name].push_back(value);
    }
  }
  return texts;
}

std::vector<std::string> names_of(const AxisTexts& texts) {
  std::vector<std::string> names;
  for (const auto& [name, values] : texts) {
    names.push_back(name);
  }
  return names;
}

std::string value_text(const std::string& axis, const SpecNode& value, const Catalog& catalog) {
  if (axis == "flags") {
    return join_flags(read_flag_set(value, catalog));
  }
  const bool counts = axis == "micro_batch" || axis == "sequence_length";
  if (counts ? !value.json().is_number_integer()
             : !value.json().is_string() && !value.json().is_number()) {
    value.fail(fmt::format("{} is not a value of the axis '{}'", value.shown(), axis),
               "write it as the axis does");
  }
  return model_axis_text(value.json());
}

ExcludeRule read_rule(const SpecNode& node, const Catalog& catalog, const AxisTexts& texts) {
  node.only_keys({"when", "reason"});
  const SpecNode when = node.at("when");
  ExcludeRule rule;
  for (const std::string& axis : when.keys()) {
    const auto known = texts.find(axis);
    if (known == texts.end()) {
      when.fail_at(axis, "the sweep has no such axis", suggest(axis, names_of(texts)));
    }
    const SpecNode value = when.at(axis);
    const std::string text = value_text(axis, value, catalog);
    if (std::find(known->second.begin(), known->second.end(), text) == known->second.end()) {
      value.fail(fmt::format("{} is not a value of the axis '{}'", value.shown(), axis),
                 suggest(text, known->second));
    }
    rule.when.emplace_back(axis, text);
  }
  if (rule.when.empty()) {
    when.fail("an empty 'when' would exclude everything", "name at least one axis");
  }
  rule.reason = node.at("reason").text();
  if (rule.reason.empty() || rule.reason.find('\n') != std::string::npos) {
    node.at("reason").fail("the reason must be one line of text", "say why these cells are left");
  }
  return rule;
}

}  // namespace

std::vector<ExcludeRule> read_exclude(const SpecNode& node, const Catalog& catalog,
                                      const SweepSpec& spec) {
  const AxisTexts texts = axis_texts(catalog, spec);
  std::vector<ExcludeRule> rules;
  if (node.json() == SpecJson::array()) {
    return rules;
  }
  for (const SpecNode& rule : node.elements()) {
    rules.push_back(read_rule(rule, catalog, texts));
  }
  return rules;
}

}  // namespace harness
