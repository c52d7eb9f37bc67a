#pragma once

#include <string>

#include "harness/protocol/cell.h"

namespace harness {

// Texts that are equal exactly where two cells of one sweep belong together.

/// Cells that are compared: all axes equal but optimizer, implementation and flags.
std::string comparison_key(const Cell& cell);
/// Cells among which "cheapest" chooses flags: all axes equal but micro-batch and flags.
std::string ladder_key(const Cell& cell);
/// Cells that differ only in micro-batch: what a memory boundary is found in.
std::string series_key(const Cell& cell);

}  // namespace harness
