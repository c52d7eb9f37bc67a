#include "worker/cuda/graph_recorder.h"

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAStream.h>

namespace worker {

GraphRecorder::GraphRecorder() : stream_(c10::cuda::getStreamFromPool()) {}

void GraphRecorder::record(const std::function<void()>& passes) {
  // The graph takes memory of its own; what the run before has left free would stand beside it.
  c10::cuda::CUDACachingAllocator::emptyCache();
  graph_.emplace();
  graph_->capture_begin();
  try {
    passes();
  } catch (...) {
    try {
      graph_->capture_end();
    } catch (const c10::Error&) {
      // It reports the recording that was broken off, whose cause is on its way already.
    }
    throw;
  }
  graph_->capture_end();
}

train::PassRun GraphRecorder::run(const std::function<void()>& passes) {
  if (!initialized_) {
    passes();
    initialized_ = true;
    return train::PassRun::kOnce;
  }
  const bool recorded = graph_.has_value();
  if (!recorded) record(passes);
  graph_->replay();
  return recorded ? train::PassRun::kPlayed : train::PassRun::kRecorded;
}

}  // namespace worker
