#include "harness/spec/gate_spec.h"

#include "harness/spec/condition_spec.h"

namespace harness {
namespace {

std::optional<double> read_budget(const SpecNode& node, const std::string& key) {
  const auto budget = node.find(key);
  return budget ? std::optional(budget->percentage()) : std::nullopt;
}

GateRule read_gate_rule(const SpecNode& node, const Catalog& catalog, const SweepSpec& spec) {
  node.only_keys({"when", "time_budget", "memory_budget"});
  GateRule rule;
  rule.when = read_condition(node.at("when"), catalog, spec);
  if (rule.when.empty()) {
    node.at("when").fail("an empty 'when' names no cells in particular", "name at least one axis");
  }
  rule.time = read_budget(node, "time_budget");
  rule.memory = read_budget(node, "memory_budget");
  if (!rule.time && !rule.memory) {
    node.fail("the rule has no budget", "give a time_budget, a memory_budget or both");
  }
  return rule;
}

}  // namespace

GateSpec read_gate(const SpecNode& node, const Catalog& catalog, const SweepSpec& spec) {
  node.only_keys({"time_budget", "memory_budget", "cells"});
  GateSpec gate;
  gate.time = read_budget(node, "time_budget");
  gate.memory = read_budget(node, "memory_budget");
  if (const auto cells = node.find("cells")) {
    for (const SpecNode& rule : cells->elements()) {
      gate.cells.push_back(read_gate_rule(rule, catalog, spec));
    }
  }
  return gate;
}

GateBudget budget_of(const GateSpec& gate, const Cell& cell, const GateBudget& defaults) {
  GateBudget budget = {gate.time.value_or(defaults.time), gate.memory.value_or(defaults.memory)};
  for (const GateRule& rule : gate.cells) {
    if (!matches(rule.when, cell)) continue;
    budget.time = rule.time.value_or(budget.time);
    budget.memory = rule.memory.value_or(budget.memory);
  }
  return budget;
}

}  // namespace harness
