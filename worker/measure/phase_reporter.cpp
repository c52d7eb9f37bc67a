#include "worker/measure/phase_reporter.h"

#include <cstdio>

#include <fmt/format.h>

#include "harness/protocol/whereabouts.h"
#include "worker/memory/phase_names.h"

namespace worker {

void PhaseReporter::enter(train::Phase phase) {
  if (phase != phase_) {
    phase_ = phase;
    fmt::print(stderr, "phase: {}\n", phase_name(phase));
    harness::report_phase(protocol_phase(phase));
  }
  next_.enter(phase);
}

}  // namespace worker
