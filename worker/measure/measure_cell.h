#pragma once

#include <cstdint>
#include <string>

#include "harness/protocol/record.h"
#include "model/implementation.h"

namespace worker {

/// One round of a cell, as the launcher asks for it.
struct MeasureRequest {
  harness::Cell cell;
  int64_t round = 0;
  std::string repro;
};

/// Trains and times. What the device cannot run is `unsupported`; what its limit does not hold is
/// `out_of_memory`, and what this machine's own memory does not hold `skipped`, each with the phase
/// that it happened in. Other failures are thrown. Changes LibTorch's number of threads.
harness::Record measure_cell(const MeasureRequest& request, const model::Registry& registry);

}  // namespace worker
