#pragma once

#include "harness/protocol/cell.h"

namespace harness {

/// Arithmetic of one launch of a cell in arbitrary units: multiplications of the layers' GEMMs
/// over all steps, warm-up included.
double launch_work(const Cell& cell);

}  // namespace harness
