#pragma once

#include <functional>

#include "harness/protocol/step_trace.h"
#include "model/implementation.h"
#include "serve/request.h"

namespace worker {

/// Measures what the machine can do with so many threads.
using MeasurePeaks = std::function<harness::MachinePeaks(int64_t threads)>;

/// Runs warm-up steps (at least one), then one step with every operator recorded, and writes its
/// trace. Afterwards, with the model gone, measures the machine. Throws where the cell does not run
/// here, does not fit, or the file cannot be written. Changes LibTorch's number of threads.
harness::StepTrace trace_cell(const serve::TraceRequest& request, const model::Registry& registry,
                              const MeasurePeaks& measure_peaks);

}  // namespace worker
