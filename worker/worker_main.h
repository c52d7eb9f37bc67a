#pragma once

#include <nlohmann/json.hpp>

#include "model/implementation.h"
#include "worker/trace/trace_cell.h"

namespace worker {

/// What the composition root gives to the worker.
struct WorkerContext {
  model::Registry registry;
  /// Name of the implementation whose layer is the fp64 reference of the correctness gate.
  std::string reference;
  /// Added to a record's environment.
  nlohmann::json environment;
  MeasurePeaks measure_peaks;
};

/// bench_worker: serve::serve() with LibTorch, the registry and our allocator behind it. Returns
/// its exit status.
int worker_main(int argc, char** argv, const WorkerContext& context);

}  // namespace worker
