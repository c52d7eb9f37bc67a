#include "harness/tuning/search.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/tuning/cost_features.h"
#include "harness/tuning/cost_model.h"
#include "harness/tuning/screening.h"
#include "harness/tuning/trial_history.h"

namespace harness {
namespace {

using Indices = std::vector<std::size_t>;

std::size_t screening_size(const CostFeatures& features) {
  return features.terms().size() + kSpareScreening;
}

/// Cells of a narrowing pass, the first being 1.
std::size_t narrowed_size(std::size_t explored, int64_t round) {
  std::size_t size = explored;
  for (int64_t i = 0; i < round && size > kFinalists; ++i) size = (size + 1) / 2;
  return std::max(size, kFinalists);
}

/// A well-mixed number of a seed and an index (SplitMix64), for an order that is the same on every
/// machine.
uint64_t mixed(uint64_t seed, uint64_t index) {
  uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

class Search {
 public:
  Search(const std::vector<Cell>& candidates, const std::vector<Trial>& trials,
         const SearchRules& rules, std::size_t trials_left)
      : candidates_(candidates),
        history_(candidates, trials),
        features_(candidates),
        rules_(rules),
        trials_left_(trials_left) {}

  std::optional<TrialPass> next() const {
    const bool narrowing = !history_.passed_in(TrialStage::kNarrowing).empty();
    const bool exploring = !history_.passed_in(TrialStage::kExploration).empty();
    Indices chosen;
    if (!narrowing && !exploring) chosen = screen();
    if (!chosen.empty()) return pass(TrialStage::kScreening, chosen);
    if (!narrowing) chosen = explore();
    if (!chosen.empty()) return pass(TrialStage::kExploration, chosen);
    chosen = narrow();
    if (!chosen.empty()) return pass(TrialStage::kNarrowing, chosen);
    return std::nullopt;
  }

 private:
  /// What the design still lacks; what failed is replaced.
  Indices screen() const {
    const Indices known = history_.passed_in(TrialStage::kScreening);
    const std::size_t wanted = screening_size(features_);
    if (known.size() >= wanted) return {};
    return choose_screening(features_, candidates_, known, history_.unmeasured(),
                            std::min(wanted - known.size(), trials_left_));
  }

  /// Trials of all narrowing passes.
  std::size_t narrowing_trials(std::size_t explored) const {
    std::size_t trials = 0;
    for (int64_t round = 1; round <= rules_.rounds; ++round) {
      trials += narrowed_size(explored, round);
    }
    return trials;
  }

  /// How many more to explore so that the trials left reach for narrowing them down.
  std::size_t affordable_exploration(std::size_t explored) const {
    std::size_t more = kMostExplored - std::min(explored, kMostExplored);
    while (more > 0 && more + narrowing_trials(explored + more) > trials_left_) --more;
    return more;
  }

  Indices explore() const {
    const std::size_t explored = history_.passed_in(TrialStage::kExploration).size();
    const std::size_t affordable = affordable_exploration(explored);
    Indices promising = may_be_fastest();
    promising.resize(std::min(promising.size(), explored == 0 ? (affordable + 1) / 2 : affordable));
    return promising;
  }

  /// Candidates without a round that may be faster than the best so far, the most promising first:
  /// by the time at two deviations below the model's.
  Indices may_be_fastest() const {
    const Indices measured = history_.measured();
    if (measured.empty()) return {};
    const double best = history_.log_seconds(fastest_first(measured).front());
    const CostModel model = history_.fit(features_);
    std::map<std::size_t, double> hopes;
    for (const std::size_t i : history_.unmeasured()) {
      const CostEstimate estimate = model.predict(features_.row(candidates_[i]));
      const double deviation = std::hypot(estimate.deviation, model.residual_deviation());
      const double hope = estimate.log_seconds - 2 * deviation;
      if (hope < best) hopes[i] = hope;
    }
    Indices result;
    for (const auto& [candidate, hope] : hopes) result.push_back(candidate);
    std::stable_sort(result.begin(), result.end(),
                     [&](std::size_t a, std::size_t b) { return hopes.at(a) < hopes.at(b); });
    return result;
  }

  Indices narrow() const {
    Indices pool = history_.last_narrowed();
    const int64_t round = pool.empty() ? 1 : 1 + history_.narrowing_passes(pool.front());
    if (pool.empty()) pool = history_.measured();
    if (pool.empty() || round > rules_.rounds) return {};
    pool = fastest_first(pool);
    const double reach = history_.log_seconds(pool.front()) + kOutOfReach;
    std::erase_if(pool, [&](std::size_t i) { return history_.log_seconds(i) > reach; });
    const std::size_t pair = std::min(std::size_t{2}, pool.size());
    if (trials_left_ < pair) return {};
    const std::size_t explored = history_.passed_in(TrialStage::kExploration).size();
    const auto passes_left = static_cast<std::size_t>(rules_.rounds - round + 1);
    const std::size_t size =
        std::min(narrowed_size(explored, round), std::max(pair, trials_left_ / passes_left));
    pool.resize(std::min(pool.size(), size));
    return pool;
  }

  Indices fastest_first(Indices measured) const {
    std::stable_sort(measured.begin(), measured.end(), [&](std::size_t a, std::size_t b) {
      return history_.log_seconds(a) < history_.log_seconds(b);
    });
    return measured;
  }

  /// The launch order is the seed's. In odd passes it is turned round, so that drift of the machine
  /// meets both sides of a pair.
  TrialPass pass(TrialStage stage, Indices chosen) const {
    const auto earlier = [&](std::size_t a, std::size_t b) {
      return mixed(rules_.seed, a) < mixed(rules_.seed, b);
    };
    std::sort(chosen.begin(), chosen.end(), earlier);
    const int64_t number = history_.next_pass();
    if (number % 2 == 1) std::reverse(chosen.begin(), chosen.end());
    return {number, stage, std::move(chosen)};
  }

  const std::vector<Cell>& candidates_;
  TrialHistory history_;
  CostFeatures features_;
  SearchRules rules_;
  std::size_t trials_left_;
};

}  // namespace

int64_t trial_limit(const std::vector<Cell>& candidates, int64_t rounds) {
  const auto all = static_cast<int64_t>(candidates.size()) * rounds;
  const auto least = static_cast<int64_t>(screening_size(CostFeatures(candidates))) + 2 * rounds;
  return std::min(all, std::max(all / 4, least));
}

std::optional<TrialPass> next_pass(const std::vector<Cell>& candidates,
                                   const std::vector<Trial>& trials, const SearchRules& rules,
                                   int64_t trials_left) {
  if (trials_left <= 0) return std::nullopt;
  return Search(candidates, trials, rules, static_cast<std::size_t>(trials_left)).next();
}

}  // namespace harness
