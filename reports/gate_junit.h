#pragma once

#include <string>

#include "harness/analysis/gate_result.h"

namespace reports {

/// gate.xml: a test case a cell, in the JUnit XML that CI systems show. A failed cell is a failure,
/// an inconclusive one an error (nothing was proved), a skipped one is skipped.
std::string gate_junit(const harness::GateResult& result);

}  // namespace reports
