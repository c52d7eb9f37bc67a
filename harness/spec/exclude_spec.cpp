#include "harness/spec/exclude_spec.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "harness/protocol/model_axis.h"
#include "harness/spec/axis_texts.h"
#include "harness/spec/flag_axis.h"
#include "harness/spec/nearest_name.h"

namespace harness {
namespace {

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
      when.fail_at(axis, "the sweep has no such axis", suggest(axis, axis_names(texts)));
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
  const AxisTexts texts = axis_texts(spec, catalog);
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
