#pragma once

#include <filesystem>
#include <vector>

#include "harness/analysis/gate_result.h"

namespace reports {

/// Write gate.json, gate.xml and gate.md into `dir`, each in one step. Throws HarnessError where a
/// file cannot be written.
void write_gate(const std::filesystem::path& dir, const harness::GateResult& result);

/// The same of selftest.json.
void write_self_test(const std::filesystem::path& dir,
                     const std::vector<harness::GateResult>& gates);

}  // namespace reports
