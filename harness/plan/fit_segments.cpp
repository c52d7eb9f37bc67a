#include "harness/plan/fit_segments.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/plan/expand.h"
#include "harness/plan/fit_search.h"

namespace harness {
namespace {

/// Cells that differ only in their micro-batch, and what is known about them.
struct Series {
  Cell base;
  Contender contender;
  PeakSamples samples;
};

/// One question: how far does a series fit under a limit, in one region of micro-batches?
struct Question {
  std::size_t series;
  int64_t memory_limit_bytes;
  int64_t from;
  FitSearch search;
};

std::vector<Series> make_series(const SweepSpec& spec, const Catalog& catalog) {
  std::vector<Series> series;
  const std::vector<Contender> compared = contenders(spec, catalog);
  for (const Cell& base : base_cells(spec)) {
    for (const Contender& contender : compared) {
      series.push_back({base, contender, {}});
    }
  }
  return series;
}

std::vector<int64_t> all_limits(const SweepSpec& spec) {
  std::vector<int64_t> limits = spec.flag_table_limits;
  const auto& own = spec.device.memory_limit_bytes;
  if (own && std::find(limits.begin(), limits.end(), *own) == limits.end()) {
    limits.push_back(*own);
  }
  return limits;
}

/// Ranges of micro-batches within which the accumulation steps do not cross 1.
std::vector<std::pair<int64_t, int64_t>> regions(const SweepSpec& spec) {
  // Without a global batch every micro-batch is one step.
  const int64_t boundary = spec.global_batch.value_or(1);
  std::vector<std::pair<int64_t, int64_t>> ranges;
  if (boundary > 1) {
    ranges.emplace_back(1, std::min(boundary - 1, kLargestSearchedMicroBatch));
  }
  if (boundary <= kLargestSearchedMicroBatch) {
    ranges.emplace_back(boundary, kLargestSearchedMicroBatch);
  }
  return ranges;
}

std::vector<Question> make_questions(const SweepSpec& spec, std::size_t series_count) {
  std::vector<Question> questions;
  const std::vector<int64_t> limits = all_limits(spec);
  for (std::size_t i = 0; i < series_count; ++i) {
    for (const int64_t limit : limits) {
      for (const auto& [from, to] : regions(spec)) {
        questions.push_back({i, limit, from, {from, to, limit - spec.device.reserved_bytes}});
      }
    }
  }
  return questions;
}

/// Ask every open question for its next probe and the predictor for all of them. False when nothing
/// is open.
bool probe_once(const SweepSpec& spec, const Predictor& predictor, std::vector<Series>& series,
                std::vector<Question>& questions) {
  std::vector<std::pair<std::size_t, int64_t>> probes;
  for (Question& question : questions) {
    if (const auto micro_batch = question.search.next_probe(series[question.series].samples)) {
      probes.emplace_back(question.series, *micro_batch);
    }
  }
  std::sort(probes.begin(), probes.end());
  probes.erase(std::unique(probes.begin(), probes.end()), probes.end());
  if (probes.empty()) {
    return false;
  }
  std::vector<Cell> cells;
  for (const auto& [i, micro_batch] : probes) {
    cells.push_back(complete_cell(spec, series[i].base, series[i].contender, micro_batch));
  }
  const PlanReply reply = predictor(cells);
  if (reply.plans.size() != cells.size()) {
    throw std::invalid_argument(
        fmt::format("{} plans for {} cells", reply.plans.size(), cells.size()));
  }
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const auto& footprint = reply.plans[i].footprint;
    series[probes[i].first].samples[probes[i].second] =
        footprint ? std::optional(footprint->peak_bytes) : std::nullopt;
  }
  return true;
}

}  // namespace

std::vector<FitSegment> find_fit_segments(const SweepSpec& spec, const Catalog& catalog,
                                          const Predictor& predictor) {
  std::vector<Series> series = make_series(spec, catalog);
  std::vector<Question> questions = make_questions(spec, series.size());
  while (probe_once(spec, predictor, series, questions)) {
  }
  std::vector<FitSegment> segments;
  for (const Question& question : questions) {
    if (const auto to = question.search.largest_fit()) {
      const Series& of = series[question.series];
      segments.push_back({complete_cell(spec, of.base, of.contender, *to),
                          question.memory_limit_bytes, question.from, *to, *of.samples.at(*to)});
    }
  }
  return segments;
}

}  // namespace harness
