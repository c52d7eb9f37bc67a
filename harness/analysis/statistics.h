#pragma once

#include <optional>
#include <span>
#include <vector>

namespace harness {

struct Interval {
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};

/// Middle value, or the mean of the two middle ones.
/// Throws std::invalid_argument where there is no value or one is not finite.
double median(std::span<const double> values);

/// Median distance of the values from their median: half of them are at least that far from it.
/// Throws as median() does.
double median_absolute_deviation(std::span<const double> values);

/// Exact confidence interval of the median: the narrowest symmetric pair of order statistics
/// [x(k), x(n+1-k)] that covers it with at least `confidence`, from Binomial(n, 1/2), whatever the
/// distribution of the values. None where no pair reaches it: below 6 values at 95 %.
/// Throws as median() does, and where `confidence` is not in (0, 1).
std::optional<Interval> median_interval(std::span<const double> values, double confidence = 0.95);

/// ln(numerators[i] / denominators[i]).
/// Throws std::invalid_argument where the lengths differ, there is no value, or one is not a
/// positive finite number.
std::vector<double> log_ratios(std::span<const double> numerators,
                               std::span<const double> denominators);

}  // namespace harness
