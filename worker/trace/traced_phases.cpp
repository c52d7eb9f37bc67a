#include "worker/trace/traced_phases.h"

#include <string>

#include "worker/memory/phase_names.h"

namespace worker {

void TracedPhases::enter(train::Phase phase) {
  next_.enter(phase);
  if (!recording_) return;
  if (span_ != kNoParent) recorder_.close(span_);
  span_ = recorder_.open(SpanKind::kPhase, std::string(phase_name(phase)));
}

void TracedPhases::end() {
  if (span_ != kNoParent) recorder_.close(span_);
  span_ = kNoParent;
  recording_ = false;
}

}  // namespace worker
