#pragma once

#include <cstdint>
#include <string>

#include "harness/analysis/verdict.h"

namespace harness {

/// How the peak memory of a cell changed. One number a side: at the same seed and shape a worker
/// allocates the same bytes, so there are no statistics.
struct MemoryChange {
  int64_t before_bytes = 0;
  int64_t after_bytes = 0;
  double budget = 0;  ///< how much more is allowed, as a fraction of before
  Verdict verdict = Verdict::kPassed;

  double ratio() const;  ///< after over before
};

/// Failed: more than before by more than the budget; improved: less by more than it.
/// Throws std::invalid_argument where a side has no bytes.
MemoryChange judge_memory(int64_t before_bytes, int64_t after_bytes, double budget);

/// Why the memory did not pass, one line; empty where it passed or improved.
std::string reason_of(const MemoryChange& change);

}  // namespace harness
