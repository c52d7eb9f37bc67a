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

/// bench_worker. Without arguments: one request {"cell", "round", "repro"} on standard input, one
/// record on standard output. `--plan`: for each line of standard input, a JSON array of cells, one
/// PlanReply. `--check`: one request {"cell"}, one CheckResult. `--trace`: one request {"cell",
/// "file"}, one StepTrace, and the Chrome trace in the file. Each reply is a line; nothing else is
/// ever written to standard output, whatever LibTorch prints.
/// Exit status: 0; 2 for arguments or input that are not as above; 1 for any other failure. Then
/// the last line on standard error says why.
int worker_main(int argc, char** argv, const WorkerContext& context);

}  // namespace worker
