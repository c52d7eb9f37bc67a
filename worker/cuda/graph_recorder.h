#pragma once

#include <functional>
#include <optional>

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>

#include "train/pass_recorder.h"

namespace worker {

/// Records passes into a CUDA graph: the first run only lets libraries initialize what a recording
/// must not do, the second is recorded and played, all others are played. What the passes allocate
/// while they are recorded stays allocated as long as the graph.
///
/// A recording needs a stream other than the default one: this makes one current for the thread.
class GraphRecorder final : public train::PassRecorder {
 public:
  GraphRecorder();

  /// Throws what `passes` throw and c10::Error of CUDA's errors; of work that a graph cannot hold,
  /// such as waiting for the device, that is cudaErrorStreamCapture….
  train::PassRun run(const std::function<void()>& passes) override;

 private:
  void record(const std::function<void()>& passes);

  c10::cuda::CUDAStreamGuard stream_;
  std::optional<at::cuda::CUDAGraph> graph_;
  bool initialized_ = false;
};

}  // namespace worker
