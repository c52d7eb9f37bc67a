#pragma once

#include <functional>
#include <string>

#include "harness/protocol/step_trace.h"
#include "model/implementation.h"
#include "serve/request.h"

namespace worker {

/// Measures what a device of the kind can do, the CPU with so many threads.
using MeasurePeaks =
    std::function<harness::MachinePeaks(const std::string& device_kind, int64_t threads)>;

/// Runs warm-up steps (at least one), then one step with every operator recorded, and on CUDA what
/// the device does for it, and writes its trace. Steps are queued even where the cell plays them
/// from a CUDA graph. Afterwards, with the model gone, measures the device. Throws where the cell
/// does not run here, does not fit, the device cannot be traced, or the file cannot be written.
/// Changes LibTorch's number of threads.
harness::StepTrace trace_cell(const serve::TraceRequest& request, const model::Registry& registry,
                              const MeasurePeaks& measure_peaks);

}  // namespace worker
