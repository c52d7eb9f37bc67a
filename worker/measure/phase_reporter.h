#pragma once

#include "train/phase_observer.h"

namespace worker {

/// Passes phases on, and says each new one on standard error ("phase: backward"), so that the
/// driver knows where a worker was that it must kill, or that something else killed. It is also
/// what the worker answers when it is asked where it is.
class PhaseReporter final : public train::PhaseObserver {
 public:
  /// `next` must outlive this.
  explicit PhaseReporter(train::PhaseObserver& next) : next_(next) {}

  void enter(train::Phase phase) override;

 private:
  train::PhaseObserver& next_;
  train::Phase phase_ = train::Phase::kSetup;
};

}  // namespace worker
