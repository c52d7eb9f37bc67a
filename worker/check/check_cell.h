#pragma once

#include <string>

#include "harness/protocol/record.h"
#include "model/implementation.h"

namespace worker {

/// The correctness gate for the cell's implementation, flags, precision, LayerNorm placement and
/// GELU: a small problem (CheckProblem) against the layer of implementation `reference` in fp64 on
/// the same rounded weights and the same dropout bits, once with dropout and once without, where
/// layers may take other paths. The reference is padded also where the cell's micro-batches are
/// packed. The result is that of both: every tensor counted, the worst named.
/// The candidate's memory comes filled with NaN, its gradients' too. `unsupported` where the device
/// cannot run the cell. Throws harness::ProtocolError for names that the registry lacks.
harness::CheckResult check_cell(const harness::Cell& cell, const model::Registry& registry,
                                const std::string& reference);

}  // namespace worker
