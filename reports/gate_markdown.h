#pragma once

#include <string>

#include "harness/analysis/gate_result.h"

namespace reports {

/// gate.md: what a gate found, short enough for a comment on a pull request; the cells that passed
/// are folded away.
std::string gate_markdown(const harness::GateResult& result);

}  // namespace reports
