#include "harness/plan/fit_search.h"

#include <algorithm>

namespace harness {
namespace {

/// Interpolations in a row before bisection takes over.
constexpr int64_t kMaxInterpolations = 4;

}  // namespace

FitSearch::FitSearch(int64_t low, int64_t high, int64_t usable_bytes)
    : low_(low),
      high_(high),
      usable_bytes_(usable_bytes),
      fitting_(low - 1),
      not_fitting_(high + 1) {}

void FitSearch::narrow(const PeakSamples& samples) {
  for (auto it = samples.lower_bound(low_); it != samples.end() && it->first <= high_; ++it) {
    if (!it->second || *it->second > usable_bytes_) {
      not_fitting_ = std::min(not_fitting_, it->first);
      return;
    }
    fitting_ = it->first;
  }
}

int64_t FitSearch::probe_between(const PeakSamples& samples) const {
  const std::optional<int64_t> above = samples.at(not_fitting_);
  if (!above || probes_between_ > kMaxInterpolations) {
    return fitting_ + (not_fitting_ - fitting_) / 2;
  }
  const int64_t below = *samples.at(fitting_);
  const double share =
      static_cast<double>(usable_bytes_ - below) / static_cast<double>(*above - below);
  const auto step = static_cast<int64_t>(share * static_cast<double>(not_fitting_ - fitting_));
  return std::clamp(fitting_ + step, fitting_ + 1, not_fitting_ - 1);
}

std::optional<int64_t> FitSearch::next_probe(const PeakSamples& samples) {
  narrow(samples);
  if (not_fitting_ - fitting_ <= 1) {
    return std::nullopt;
  }
  if (fitting_ < low_) {
    return low_;
  }
  if (not_fitting_ > high_) {
    return std::min(2 * fitting_, high_);
  }
  ++probes_between_;
  return probe_between(samples);
}

std::optional<int64_t> FitSearch::largest_fit() const {
  return fitting_ < low_ ? std::nullopt : std::optional(fitting_);
}

}  // namespace harness
