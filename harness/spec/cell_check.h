#pragma once

#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"

namespace harness {

/// What a sweep file's checks ensure of its cells, checked of a cell that came without one: known
/// names, numbers in range, flags that go together, a file of windows that fits the model. Throws
/// ProtocolPathError with the JSON path of what is wrong.
void check_cell(const Cell& cell, const Catalog& catalog);

}  // namespace harness
