#include "harness/tuning/explanation.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "harness/analysis/time_change.h"

namespace harness {
namespace {

class Explainer {
 public:
  Explainer(const CellGroup& group, std::vector<FlagCost> costs, const Cell& answer,
            const std::vector<CostTerm>& terms, const CostModel& model)
      : group_(group), costs_(std::move(costs)), answer_(answer), terms_(terms), model_(model) {}

  /// None where the sweep has no cell with these flags that also has one without.
  std::optional<FlagReason> explain(const std::vector<std::string>& flags) const {
    const FlagCost* timed = nullptr;
    const FlagCost* sized = nullptr;
    for (const FlagCost& cost : costs_) {
      const bool concerns = cost.axes == group_.axes && cost.flags == join_flags(flags) &&
                            cost.implementation == answer_.implementation;
      if (!concerns) continue;
      if (timed == nullptr || time_worth(flags, cost) > time_worth(flags, *timed)) timed = &cost;
      if (!cost.memory) continue;
      if (sized == nullptr || nearness(cost) > nearness(*sized)) sized = &cost;
    }
    if (timed == nullptr) return std::nullopt;
    FlagReason reason;
    reason.cost = *timed;
    reason.cost.net_throughput = net_throughput(flags);
    if (sized != nullptr) {
      reason.cost.memory = sized->memory;
      reason.memory_micro_batch = sized->micro_batch;
    }
    if (timed->time_cost_percent) {
      reason.paired_rounds = paired_rounds(flags, timed->micro_batch);
    } else {
      if (const auto fitted = fitted_cost(flags)) {
        reason.cost.time_cost_percent = fitted->percent;
        reason.fitted_error_percent = fitted->error;
      }
    }
    return reason;
  }

 private:
  /// Comparable: how near to what the answer does.
  std::pair<bool, int64_t> nearness(const FlagCost& cost) const {
    return {cost.micro_batch == answer_.micro_batch, cost.micro_batch};
  }

  /// Comparable: how much its time says.
  std::tuple<bool, bool, std::pair<bool, int64_t>> time_worth(const std::vector<std::string>& flags,
                                                              const FlagCost& cost) const {
    const bool timed = cost.time_cost_percent.has_value();
    return {timed && paired_rounds(flags, cost.micro_batch) >= kFewestPairs, timed, nearness(cost)};
  }

  const CellSummary* find(const std::vector<std::string>& flags, int64_t micro_batch) const {
    const auto cell = std::find_if(group_.cells.begin(), group_.cells.end(), [&](const auto& c) {
      return c.cell.implementation == answer_.implementation && c.cell.flags == flags &&
             c.cell.micro_batch == micro_batch;
    });
    return cell == group_.cells.end() ? nullptr : &*cell;
  }

  /// Rounds that the cell has in common with the one without flags.
  int64_t paired_rounds(const std::vector<std::string>& flags, int64_t micro_batch) const {
    const CellSummary* with = find(flags, micro_batch);
    const CellSummary* without = find({}, micro_batch);
    if (with == nullptr || without == nullptr) return 0;
    return std::count_if(with->rounds.begin(), with->rounds.end(), [&](const RoundTime& round) {
      return has_round(without->rounds, round.round);
    });
  }

  const CellSummary* fastest(const std::vector<std::string>& flags) const {
    const CellSummary* best = nullptr;
    for (const CellSummary& cell : group_.cells) {
      if (cell.cell.implementation != answer_.implementation || cell.cell.flags != flags) continue;
      if (!cell.samples_per_second) continue;
      if (best == nullptr || *cell.samples_per_second > *best->samples_per_second) best = &cell;
    }
    return best;
  }

  std::optional<NetThroughput> net_throughput(const std::vector<std::string>& flags) const {
    const CellSummary* with = fastest(flags);
    const CellSummary* without = fastest({});
    if (with == nullptr || without == nullptr) return std::nullopt;
    const bool smaller = with->cell.micro_batch < without->cell.micro_batch;
    if (smaller && flags != answer_.flags) return std::nullopt;  // only screened, not at its best
    return NetThroughput{100 * (*with->samples_per_second / *without->samples_per_second - 1),
                         without->cell.micro_batch, with->cell.micro_batch};
  }

  struct FittedCost {
    double percent = 0;
    double error = 0;  ///< its standard error, in percent too
  };

  /// None where a flag was never measured: the model then knows no more than its prior.
  std::optional<FittedCost> fitted_cost(const std::vector<std::string>& flags) const {
    std::vector<double> row(terms_.size(), 0);
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      const bool counts = terms_[i].kind == CostTerm::Kind::kFlag &&
                          std::find(flags.begin(), flags.end(), terms_[i].subject) != flags.end();
      if (!counts) continue;
      if (model_.coefficients()[i].deviation > terms_[i].prior_deviation / 2) return std::nullopt;
      row[i] = 1;
    }
    const CostEstimate sum = model_.predict(row);
    // The factor is exp(sum): its error, to first order, is the factor times the sum's.
    return FittedCost{100 * std::expm1(sum.log_seconds),
                      100 * std::exp(sum.log_seconds) * sum.deviation};
  }

  const CellGroup& group_;
  std::vector<FlagCost> costs_;
  const Cell& answer_;
  const std::vector<CostTerm>& terms_;
  const CostModel& model_;
};

}  // namespace

std::vector<FlagReason> explain_flags(const RunInfo& info, const std::vector<CellGroup>& groups,
                                      const FitTable& fits, const Cell& answer,
                                      const std::vector<CostTerm>& terms, const CostModel& model) {
  const std::vector<std::string> axes = axis_values(answer, group_axes(info));
  const auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const CellGroup& g) { return g.axes == axes; });
  if (group == groups.end()) return {};
  const Explainer explainer(*group, derive_flag_costs(info, groups, fits), answer, terms, model);
  std::vector<std::vector<std::string>> sets;
  if (!answer.flags.empty()) sets.push_back(answer.flags);
  for (const CostTerm& term : terms) {
    const std::vector<std::string> alone = {term.subject};
    if (term.kind == CostTerm::Kind::kFlag && alone != answer.flags) sets.push_back(alone);
  }
  std::vector<FlagReason> reasons;
  for (const std::vector<std::string>& flags : sets) {
    if (auto reason = explainer.explain(flags)) reasons.push_back(std::move(*reason));
  }
  return reasons;
}

}  // namespace harness
