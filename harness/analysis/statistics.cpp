#include "harness/analysis/statistics.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <boost/math/distributions/binomial.hpp>

namespace harness {

static std::vector<double> sorted(std::span<const double> values) {
  if (values.empty()) throw std::invalid_argument("no values");
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
    throw std::invalid_argument("a value is not finite");
  }
  std::vector<double> result(values.begin(), values.end());
  std::sort(result.begin(), result.end());
  return result;
}

double median(std::span<const double> values) {
  const std::vector<double> ordered = sorted(values);
  const std::size_t middle = ordered.size() / 2;
  if (ordered.size() % 2 == 1) return ordered[middle];
  return ordered[middle - 1] + (ordered[middle] - ordered[middle - 1]) / 2;
}

double median_absolute_deviation(std::span<const double> values) {
  const double middle = median(values);
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values) distances.push_back(std::abs(value - middle));
  return median(distances);
}

std::optional<Interval> median_interval(std::span<const double> values, double confidence) {
  if (!(confidence > 0 && confidence < 1)) {
    throw std::invalid_argument("a confidence lies between 0 and 1");
  }
  const std::vector<double> ordered = sorted(values);
  const std::size_t n = ordered.size();
  const double tail = (1 - confidence) / 2;
  const boost::math::binomial below_median(static_cast<double>(n), 0.5);
  // x(k) lies above the median where fewer than k values lie below it.
  std::size_t k = 0;
  while (k < n / 2 && boost::math::cdf(below_median, static_cast<double>(k)) <= tail) ++k;
  if (k == 0) return std::nullopt;
  return Interval{ordered[k - 1], ordered[n - k]};
}

std::vector<double> log_ratios(std::span<const double> numerators,
                               std::span<const double> denominators) {
  if (numerators.size() != denominators.size()) {
    throw std::invalid_argument("paired values differ in number");
  }
  if (numerators.empty()) throw std::invalid_argument("no values");
  std::vector<double> result;
  result.reserve(numerators.size());
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    const bool usable = numerators[i] > 0 && denominators[i] > 0 && std::isfinite(numerators[i]) &&
                        std::isfinite(denominators[i]);
    if (!usable) throw std::invalid_argument("a value is not a positive finite number");
    result.push_back(std::log(numerators[i] / denominators[i]));
  }
  return result;
}

}  // namespace harness
