#include "reports/tuning_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/analysis/noise.h"
#include "harness/count_text.h"
#include "reports/flag_cost_text.h"
#include "reports/words.h"

namespace reports {

using harness::count_text;
using harness::TunedCandidate;
using harness::TuningEnd;
using harness::TuningResult;

static std::string rate_and_interval(const harness::RankedCandidate& ranked) {
  const auto rate = rate_text(ranked.samples_per_second);
  const auto rounds = count_text(ranked.rounds.size(), "round");
  if (!ranked.interval) {
    return fmt::format("{} samples/s ({}: too few for an interval)", rate, rounds);
  }
  return fmt::format("{} samples/s (95 % interval {} to {}, {})", rate,
                     rate_text(ranked.interval->low), rate_text(ranked.interval->high), rounds);
}

static std::string memory_text(const TunedCandidate& candidate) {
  std::string text = "no planned peak";
  if (candidate.planned) {
    text = fmt::format("planned peak {} MiB", mib_text(candidate.planned->peak_bytes));
  }
  if (candidate.measured) {
    text += fmt::format(", measured {} MiB", mib_text(candidate.measured->peak_bytes));
  }
  if (const auto usable = candidate.cell.device.usable_bytes()) {
    text += fmt::format(", of {}", limit_text(*usable));
  }
  return text;
}

std::string tuned_cell_text(const harness::Cell& cell) {
  const auto steps = cell.accumulation_steps();
  return one_line(fmt::format("{}, {}, micro-batch {} ({}), flags {}", cell.implementation,
                              cell.optimizer, cell.micro_batch,
                              count_text(steps, "accumulation step"), cell.flags_text()));
}

std::string answer_text(const TuningResult& result) {
  if (!result.ranking.empty()) {
    const TunedCandidate& answer = result.ranking.front();
    return fmt::format("{}: {}; {}.", tuned_cell_text(answer.cell),
                       rate_and_interval(answer.ranked), memory_text(answer));
  }
  if (result.candidates == 0) return "No answer: no cell of the sweep can be launched.";
  if (result.trials == 0) return "No answer: the search ended before its first trial.";
  return "No answer: no trial passed.";
}

/// Which runners-up the paired rounds tell from the answer, one sentence; empty without runners-up.
static std::string comparison_text(const TuningResult& result) {
  if (result.ranking.size() < 2) return "";
  std::vector<std::string> equals;
  std::size_t compared = 0;
  for (std::size_t i = 1; i < result.ranking.size(); ++i) {
    const TunedCandidate& other = result.ranking[i];
    if (!other.ranked.slower || !other.ranked.slower->interval) continue;
    ++compared;
    if (!other.ranked.told_apart()) equals.push_back(tuned_cell_text(other.cell));
  }
  if (compared == 0) {
    return "No other cell ran beside it in six passes, so none is proven to be slower.";
  }
  if (equals.empty()) {
    return compared == 1 ? "The paired rounds prove the runner-up slower."
                         : fmt::format("The paired rounds prove all {} finalists beside it slower.",
                                       compared);
  }
  return fmt::format("The paired rounds do not tell it apart from: {}.", fmt::join(equals, "; "));
}

std::string certainty_text(const TuningResult& result) {
  if (result.ranking.empty()) return "";
  const auto noise = harness::noise_reason(result.ranking.front().ranked.rounds);
  std::string text = noise ? fmt::format("It is mistrusted: {}.", *noise) : "";
  const std::string comparison = comparison_text(result);
  if (!text.empty() && !comparison.empty()) text += " ";
  return text + comparison;
}

/// "cost of 6 paired rounds at micro-batch 8, memory at micro-batch 24": what a reason rests on.
static std::string basis_text(const harness::FlagReason& reason) {
  std::vector<std::string> parts;
  if (reason.fitted_error_percent) {
    parts.push_back(fmt::format("cost by the model fitted to all trials, standard error {:.1f} %",
                                *reason.fitted_error_percent));
  } else if (reason.paired_rounds > 0) {
    parts.push_back(fmt::format("cost of {} at micro-batch {}",
                                count_text(reason.paired_rounds, "paired round"),
                                reason.cost.micro_batch));
  }
  if (reason.cost.memory) {
    parts.push_back(fmt::format("memory at micro-batch {}", reason.memory_micro_batch));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::string> reason_texts(const TuningResult& result) {
  std::vector<std::string> texts;
  for (const harness::FlagReason& reason : result.reasons) {
    auto text = flag_cost_sentence(reason.cost);
    if (const std::string basis = basis_text(reason); !basis.empty()) text += "; " + basis;
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string effort_text(const TuningResult& result) {
  std::string text = fmt::format("{} of {} at most; measuring each of the {} that fit takes {}. {}",
                                 count_text(result.trials, "trial"), result.trial_limit,
                                 count_text(result.candidates, "cell"), result.grid_trials,
                                 duration_text(result.seconds));
  if (result.budget_seconds) {
    text += fmt::format(" of a budget of {}", duration_text(*result.budget_seconds));
  }
  switch (result.end) {
    case TuningEnd::kFinished:
      return text + ".";
    case TuningEnd::kBudget:
      return text + "; the budget ended it.";
    case TuningEnd::kInterrupted:
      return text + "; interrupted.";
  }
  return text;
}

std::string slower_text(const harness::RankedCandidate& candidate) {
  if (!candidate.slower) return "";
  const auto percent = [](double ratio) { return 100 * (ratio - 1); };
  auto text = fmt::format("{:+.1f} %", percent(candidate.slower->ratio));
  if (const auto& interval = candidate.slower->interval) {
    text += fmt::format(" ({:.1f} to {:.1f})", percent(interval->low), percent(interval->high));
  }
  return text;
}

}  // namespace reports
