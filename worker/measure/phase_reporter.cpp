#include "worker/measure/phase_reporter.h"

#include <cstdio>

#include <fmt/format.h>

#include "harness/protocol/whereabouts.h"
#include "worker/memory/phase_names.h"
#if defined(BENCH_CUDA)
#include "worker/cuda/nvtx_ranges.h"
#endif

namespace worker {

PhaseReporter::PhaseReporter(train::PhaseObserver& next) : next_(next) {
#if defined(BENCH_CUDA)
  profiler_ = nvtx_ranges();
#endif
}

void PhaseReporter::enter(train::Phase phase) {
  if (phase != phase_) {
    phase_ = phase;
    fmt::print(stderr, "phase: {}\n", phase_name(phase));
    harness::report_phase(protocol_phase(phase));
  }
  if (profiler_) profiler_->enter(phase);
  next_.enter(phase);
}

}  // namespace worker
