#pragma once

#include <string>
#include <vector>

#include "harness/protocol/cell.h"
#include "model/implementation.h"
#include "worker/check/check_run.h"

namespace worker {

/// The check's problem by the layer of implementation `reference`: in fp64, padded, on the weights
/// rounded to the cell's precision. Throws harness::ProtocolError where the registry has no such
/// implementation.
std::vector<NamedTensor> reference_run(const harness::Cell& cell, const model::Registry& registry,
                                       const std::string& reference, bool dropout);

}  // namespace worker
