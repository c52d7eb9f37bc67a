#pragma once

#include <cstdint>

/// What the fake profiler (nvtx_profiler.cpp) was told of, one call after another.
struct RangeCall {
  std::uint64_t thread;
  const char* domain;
  const char* name;  ///< of a range that begins; nullptr where one ends
};

/// The function "nvtx_profiler_calls" of the fake profiler: hands over what it was told since the
/// last time, in its order.
using VisitCalls = void (*)(void (*visit)(void* context, const RangeCall& call), void* context);
