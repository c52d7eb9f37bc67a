#pragma once

#include "train/phase_observer.h"
#include "worker/trace/span_recorder.h"

namespace worker {

/// Passes phases on, and makes each a span while its recorder records.
class TracedPhases final : public train::PhaseObserver {
 public:
  /// Both must outlive this.
  TracedPhases(SpanRecorder& recorder, train::PhaseObserver& next)
      : recorder_(recorder), next_(next) {}

  void enter(train::Phase phase) override;
  /// From now on phases are spans.
  void begin() { recording_ = true; }
  /// Ends the last phase's span.
  void end();

 private:
  SpanRecorder& recorder_;
  train::PhaseObserver& next_;
  bool recording_ = false;
  std::ptrdiff_t span_ = kNoParent;
};

}  // namespace worker
