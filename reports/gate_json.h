#pragma once

#include <string>
#include <vector>

#include "harness/analysis/gate_result.h"

namespace reports {

/// gate.json: the verdict of every cell with all that it was made from.
std::string gate_json(const harness::GateResult& result);

/// selftest.json: the rates, and gate.json's content for every gate.
std::string self_test_json(const std::vector<harness::GateResult>& gates);

}  // namespace reports
