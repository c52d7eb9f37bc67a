#pragma once

namespace train {

enum class Phase { kSetup, kForward, kBackward, kOptimizer };

/// Told where the training step is, as it gets there: memory is accounted, and failures are
/// placed, by phase.
class PhaseObserver {
 public:
  virtual ~PhaseObserver() = default;
  virtual void enter(Phase phase) = 0;
};

}  // namespace train
