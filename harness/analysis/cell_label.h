#pragma once

#include <string>
#include <vector>

#include "harness/protocol/cell.h"

namespace harness {

/// "fused minilm-l6 mb 8 bf16 gelu_checkpoint", and the values of further `axes` that it has.
std::string cell_label(const Cell& cell, const std::vector<std::string>& axes);

/// The axes of two sweeps, each once: what tells cells of both apart.
std::vector<std::string> joined_axes(const std::vector<std::string>& a,
                                     const std::vector<std::string>& b);

}  // namespace harness
