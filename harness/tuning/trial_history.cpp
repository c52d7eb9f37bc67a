#include "harness/tuning/trial_history.h"

#include <algorithm>
#include <cmath>

namespace harness {
namespace {

/// Whether `status` is the gate's, which is the same for every cell of a combination.
bool of_the_gate(Status status) {
  return status == Status::kIncorrect || status == Status::kMistrusted;
}

}  // namespace

std::string_view to_string(TrialStage stage) {
  switch (stage) {
    case TrialStage::kScreening:
      return "screening";
    case TrialStage::kExploration:
      return "exploration";
    case TrialStage::kNarrowing:
      return "narrowing";
  }
  return "";
}

TrialHistory::TrialHistory(const std::vector<Cell>& candidates, const std::vector<Trial>& trials)
    : candidates_(candidates),
      trials_(trials),
      out_(candidates.size(), false),
      rounds_(candidates.size()) {
  for (const Trial& trial : trials) {
    if (trial.status == Status::kPassed) {
      rounds_[trial.candidate].push_back({trial.pass, trial.seconds_per_sequence});
      continue;
    }
    const Cell& failed = candidates[trial.candidate];
    out_[trial.candidate] = true;
    for (std::size_t i = 0; i < candidates.size() && of_the_gate(trial.status); ++i) {
      const Cell& cell = candidates[i];
      if (cell.implementation == failed.implementation && cell.flags == failed.flags) {
        out_[i] = true;
      }
    }
  }
}

double TrialHistory::log_seconds(std::size_t candidate) const {
  return std::log(median(seconds_of(rounds_[candidate])));
}

std::vector<std::size_t> TrialHistory::measured() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < rounds_.size(); ++i) {
    if (!out_[i] && !rounds_[i].empty()) result.push_back(i);
  }
  return result;
}

std::vector<std::size_t> TrialHistory::unmeasured() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < rounds_.size(); ++i) {
    if (!out_[i] && rounds_[i].empty()) result.push_back(i);
  }
  return result;
}

std::vector<std::size_t> TrialHistory::passed_in(TrialStage stage) const {
  std::vector<std::size_t> result;
  for (const Trial& trial : trials_) {
    const bool counts = trial.stage == stage && trial.status == Status::kPassed;
    if (counts && std::find(result.begin(), result.end(), trial.candidate) == result.end()) {
      result.push_back(trial.candidate);
    }
  }
  return result;
}

std::vector<std::size_t> TrialHistory::last_narrowed() const {
  std::vector<std::size_t> result;
  if (trials_.empty() || trials_.back().stage != TrialStage::kNarrowing) return result;
  for (const Trial& trial : trials_) {
    if (trial.pass == trials_.back().pass && !out_[trial.candidate]) {
      result.push_back(trial.candidate);
    }
  }
  return result;
}

int64_t TrialHistory::narrowing_passes(std::size_t candidate) const {
  return std::count_if(trials_.begin(), trials_.end(), [&](const Trial& trial) {
    return trial.candidate == candidate && trial.stage == TrialStage::kNarrowing;
  });
}

int64_t TrialHistory::next_pass() const {
  return trials_.empty() ? 0 : trials_.back().pass + 1;
}

CostModel TrialHistory::fit(const CostFeatures& features) const {
  std::vector<CostModel::Observation> observations;
  for (const Trial& trial : trials_) {
    if (trial.status != Status::kPassed) continue;
    observations.push_back(
        {features.row(candidates_[trial.candidate]), std::log(trial.seconds_per_sequence)});
  }
  return {features.terms(), observations};
}

}  // namespace harness
