#include "harness/spec/gate_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/percentage.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::StartsWith;

class GateSpecTest : public SpecFiles {
 protected:
  SweepSpec read_with(const std::string& gate) const {
    auto document = smallest_document();
    document["gate"] = nlohmann::ordered_json::parse(gate);
    return read(document);
  }
  static Cell cell_of(const std::string& implementation) {
    Cell cell;
    cell.implementation = implementation;
    cell.micro_batch = 4;
    return cell;
  }
};

const GateBudget kDefaults = {0.03, 0.005};

TEST_F(GateSpecTest, a_sweep_without_budgets_has_the_defaults) {
  EXPECT_EQ(budget_of(read(smallest_document()).gate, cell_of("fused"), kDefaults), kDefaults);
  EXPECT_EQ(budget_of(read_with("{}").gate, cell_of("fused"), kDefaults), kDefaults);
}

TEST_F(GateSpecTest, the_gate_s_budget_is_every_cell_s) {
  const GateSpec gate = read_with(R"({"time_budget": "4 %", "memory_budget": "1.5%"})").gate;
  EXPECT_EQ(budget_of(gate, cell_of("fused"), kDefaults), (GateBudget{0.04, 0.015}));
}

TEST_F(GateSpecTest, the_last_rule_that_names_a_cell_and_a_budget_wins) {
  const GateSpec gate = read_with(R"({"time_budget": "4 %", "cells": [
    {"when": {"implementation": "fused"}, "time_budget": "8 %", "memory_budget": "2 %"},
    {"when": {"micro_batch": 4, "implementation": "fused"}, "time_budget": "10 %"}]})")
                            .gate;
  EXPECT_EQ(budget_of(gate, cell_of("fused"), kDefaults), (GateBudget{0.1, 0.02}));
  EXPECT_EQ(budget_of(gate, cell_of("pytorch_eager"), kDefaults), (GateBudget{0.04, 0.005}));
}

TEST_F(GateSpecTest, refuses_what_is_no_budget) {
  for (const char* value : {"3", R"("3")", R"("-3 %")", R"("0 %")", R"("101 %")", R"("3 percent")",
                            "null", R"("inf %")"}) {
    EXPECT_THAT(error_with("/gate", R"({"time_budget": )" + std::string(value) + "}"),
                StartsWith(" /gate/time_budget: "))
        << value;
  }
  EXPECT_THAT(error_with("/gate", R"({"budget": "3 %"})"),
              StartsWith(" /gate/budget: unknown key"));
  EXPECT_THAT(error_with("/gate", "[]"), StartsWith(" /gate: expected an object"));
}

TEST_F(GateSpecTest, refuses_rules_that_name_no_cell_or_say_nothing) {
  const auto error_of_rule = [&](const std::string& rule) {
    return error_with("/gate", R"({"cells": [)" + rule + "]}");
  };
  EXPECT_THAT(error_of_rule(R"({"when": {"micro_batch": 5}, "time_budget": "3 %"})"),
              StartsWith(" /gate/cells/0/when/micro_batch: 5 is not a value of the axis"));
  EXPECT_THAT(error_of_rule(R"({"when": {}, "time_budget": "3 %"})"),
              StartsWith(" /gate/cells/0/when: an empty 'when'"));
  EXPECT_THAT(error_of_rule(R"({"when": {"micro_batch": 4}})"),
              StartsWith(" /gate/cells/0: the rule has no budget; "));
  EXPECT_THAT(error_of_rule(R"({"time_budget": "3 %"})"),
              StartsWith(" /gate/cells/0/when: the key is required"));
  EXPECT_THAT(error_with("/gate", R"({"cells": []})"),
              StartsWith(" /gate/cells: the array is empty"));
}

TEST(Percentage, is_a_fraction) {
  EXPECT_DOUBLE_EQ(parse_percentage("3 %"), 0.03);
  EXPECT_DOUBLE_EQ(parse_percentage("0.5%"), 0.005);
  EXPECT_DOUBLE_EQ(parse_percentage("100 %"), 1);
  EXPECT_THROW(parse_percentage(""), std::invalid_argument);
}

}  // namespace
}  // namespace harness
