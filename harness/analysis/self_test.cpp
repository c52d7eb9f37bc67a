#include "harness/analysis/self_test.h"

#include <stdexcept>

#include <boost/math/distributions/binomial.hpp>

namespace harness {

std::optional<double> Proportion::rate() const {
  if (of == 0) return std::nullopt;
  return static_cast<double>(count) / static_cast<double>(of);
}

Proportion proportion(int64_t count, int64_t of) {
  if (count < 0 || of < count) throw std::invalid_argument("a part lies between none and all");
  Proportion result{count, of, std::nullopt};
  if (of == 0) return result;
  using Binomial = boost::math::binomial_distribution<double>;
  constexpr double kTail = 0.025;
  const auto trials = static_cast<double>(of);
  const auto successes = static_cast<double>(count);
  result.interval = Interval{Binomial::find_lower_bound_on_p(trials, successes, kTail),
                             Binomial::find_upper_bound_on_p(trials, successes, kTail)};
  return result;
}

SelfTest evaluate_self_test(const std::vector<GateResult>& gates) {
  int64_t judged = 0;
  int64_t alarms = 0;
  int64_t false_alarms = 0;
  int64_t inconclusive = 0;
  int64_t failed_gates = 0;
  int64_t slower = 0;
  int64_t unequal = 0;
  for (const GateResult& gate : gates) {
    bool failed = false;
    for (const CellVerdict& cell : gate.cells) {
      // The first measurement of a cell that was measured again: the second was chosen by the
      // first.
      const std::optional<TimeChange>& first = cell.first_time ? cell.first_time : cell.time;
      if (!first) continue;
      const bool failed_at_last = cell.time && cell.time->verdict == Verdict::kFailed;
      ++judged;
      alarms += first->verdict == Verdict::kFailed ? 1 : 0;
      false_alarms += failed_at_last ? 1 : 0;
      inconclusive += cell.verdict == Verdict::kInconclusive ? 1 : 0;
      slower += first->ratio > 1 ? 1 : 0;
      unequal += first->ratio != 1 ? 1 : 0;
      failed = failed || failed_at_last;
    }
    failed_gates += failed ? 1 : 0;
  }
  return {proportion(alarms, judged), proportion(false_alarms, judged),
          proportion(inconclusive, judged),
          proportion(failed_gates, static_cast<int64_t>(gates.size())),
          proportion(slower, unequal)};
}

}  // namespace harness
