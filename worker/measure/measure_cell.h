#pragma once

#include "harness/protocol/record.h"
#include "model/implementation.h"
#include "serve/request.h"
#include "worker/device/device.h"

namespace worker {

/// Trains and times. What the device cannot run is `unsupported`; what its limit does not hold is
/// `out_of_memory`, and what this machine's own memory does not hold `skipped`, each with the phase
/// that it happened in. Other failures are thrown. Changes LibTorch's number of threads.
harness::Record measure_cell(const serve::MeasureRequest& request, const model::Registry& registry);

/// The same on `device`, which must be able to run the cell.
harness::Record measure_cell(const serve::MeasureRequest& request, const model::Registry& registry,
                             Device& device);

}  // namespace worker
