#include "harness/analysis/throughput.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/harness_error.h"

namespace harness {

RoundTime round_time(const Record& record) {
  bool usable = !record.samples.empty() && record.sequences_per_sample > 0;
  for (const double sample : record.samples) usable = usable && sample > 0 && std::isfinite(sample);
  if (!usable) {
    throw HarnessError(fmt::format(
        "record of {} at micro-batch {}, flags {}, round {} passed without usable samples; "
        "remove it or measure it again",
        record.cell.implementation, record.cell.micro_batch, record.cell.flags_text(),
        record.round));
  }
  return {record.round, median(record.samples) / static_cast<double>(record.sequences_per_sample)};
}

bool has_round(const std::vector<RoundTime>& rounds, int64_t round) {
  return std::any_of(rounds.begin(), rounds.end(),
                     [round](const RoundTime& time) { return time.round == round; });
}

std::vector<double> seconds_of(std::span<const RoundTime> rounds) {
  std::vector<double> seconds;
  seconds.reserve(rounds.size());
  for (const RoundTime& round : rounds) seconds.push_back(round.seconds_per_sequence);
  return seconds;
}

std::optional<double> samples_per_second(std::span<const RoundTime> rounds) {
  if (rounds.empty()) return std::nullopt;
  return 1 / median(seconds_of(rounds));
}

std::optional<TimeRatio> time_ratio(std::span<const RoundTime> numerator,
                                    std::span<const RoundTime> denominator) {
  std::vector<double> upper;
  std::vector<double> lower;
  auto other = denominator.begin();
  for (const RoundTime& round : numerator) {
    while (other != denominator.end() && other->round < round.round) ++other;
    if (other != denominator.end() && other->round == round.round) {
      upper.push_back(round.seconds_per_sequence);
      lower.push_back(other->seconds_per_sequence);
    }
  }
  if (upper.empty()) return std::nullopt;
  const std::vector<double> logs = log_ratios(upper, lower);
  TimeRatio result{std::exp(median(logs)), median_interval(logs)};
  if (result.interval) {
    result.interval = Interval{std::exp(result.interval->low), std::exp(result.interval->high)};
  }
  return result;
}

}  // namespace harness
