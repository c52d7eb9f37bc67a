#pragma once

#include <memory>

#include "train/phase_observer.h"

namespace worker {

/// For a profiler that is attached by NVTX (`nsys profile bench_worker ...`): while it lives, a
/// range in the domain "bench_worker" for every phase that it is told of, and within it one for
/// every layer, autograd node and operator that LibTorch's RecordFunction announces, on their
/// threads. nullptr where no tool is attached: nothing listens then, and nothing is announced.
std::unique_ptr<train::PhaseObserver> nvtx_ranges();

}  // namespace worker
