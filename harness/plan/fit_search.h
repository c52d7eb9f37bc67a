#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace harness {

/// Planned peak bytes by micro-batch, all of one cell but for the micro-batch; no value where the
/// plan does not support it. Shared by the searches for several limits.
using PeakSamples = std::map<int64_t, std::optional<int64_t>>;

/// A search for the largest micro-batch in [low, high] whose peak is at most `usable_bytes`, where
/// the peak grows with the micro-batch. Doubles until one does not fit, then interpolates, as peaks
/// are nearly linear, and falls back to bisection where they are not.
class FitSearch {
 public:
  FitSearch(int64_t low, int64_t high, int64_t usable_bytes);

  /// The next micro-batch to sample; none when the answer is known.
  std::optional<int64_t> next_probe(const PeakSamples& samples);
  /// The answer, when next_probe() gave none: the largest that fits, or none.
  std::optional<int64_t> largest_fit() const;

 private:
  void narrow(const PeakSamples& samples);
  int64_t probe_between(const PeakSamples& samples) const;

  int64_t low_;
  int64_t high_;
  int64_t usable_bytes_;
  int64_t fitting_;      ///< largest known to fit; low - 1: none yet
  int64_t not_fitting_;  ///< smallest known not to fit; high + 1: none yet
  int64_t probes_between_ = 0;
};

}  // namespace harness
