#include "harness/spec/exclude_spec.h"

#include <string>

#include "harness/spec/condition_spec.h"

namespace harness {
namespace {

ExcludeRule read_rule(const SpecNode& node, const Catalog& catalog, const SweepSpec& spec) {
  node.only_keys({"when", "reason"});
  const SpecNode when = node.at("when");
  ExcludeRule rule;
  rule.when = read_condition(when, catalog, spec);
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
  std::vector<ExcludeRule> rules;
  if (node.json() == SpecJson::array()) {
    return rules;
  }
  for (const SpecNode& rule : node.elements()) {
    rules.push_back(read_rule(rule, catalog, spec));
  }
  return rules;
}

}  // namespace harness
