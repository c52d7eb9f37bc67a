#include "harness/analysis/memory_change.h"

#include <stdexcept>

#include <fmt/format.h>

#include "harness/analysis/percent_text.h"

namespace harness {

double MemoryChange::ratio() const {
  return static_cast<double>(after_bytes) / static_cast<double>(before_bytes);
}

MemoryChange judge_memory(int64_t before_bytes, int64_t after_bytes, double budget) {
  if (before_bytes < 1 || after_bytes < 1) {
    throw std::invalid_argument("a peak is a positive number of bytes");
  }
  MemoryChange change{before_bytes, after_bytes, budget, Verdict::kPassed};
  const double allowed = budget * static_cast<double>(before_bytes);
  const double grown = static_cast<double>(after_bytes - before_bytes);
  if (grown > allowed) change.verdict = Verdict::kFailed;
  if (grown < -allowed) change.verdict = Verdict::kImproved;
  return change;
}

std::string reason_of(const MemoryChange& change) {
  if (change.verdict != Verdict::kFailed) return "";
  return fmt::format("the peak is {} ({} bytes, {} before), the budget is {}",
                     change_text(change.ratio()), change.after_bytes, change.before_bytes,
                     percent_text(change.budget));
}

}  // namespace harness
