#pragma once

#include <memory>

#include "train/phase_observer.h"

namespace worker {

/// Passes phases on, and says each new one on standard error ("phase: backward"), so that the
/// driver knows where a worker was that it must kill, or that something else killed. It is also
/// what the worker answers when it is asked where it is. In a build with CUDA an attached profiler
/// sees phases, layers and operators as ranges while this lives (worker/cuda/nvtx_ranges.h).
class PhaseReporter final : public train::PhaseObserver {
 public:
  /// `next` must outlive this.
  explicit PhaseReporter(train::PhaseObserver& next);

  void enter(train::Phase phase) override;

 private:
  train::PhaseObserver& next_;
  std::unique_ptr<train::PhaseObserver> profiler_;  ///< nullptr where none is attached
  train::Phase phase_ = train::Phase::kSetup;
};

}  // namespace worker
