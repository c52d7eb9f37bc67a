#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/analysis/throughput.h"
#include "harness/protocol/cell.h"
#include "harness/tuning/cost_features.h"
#include "harness/tuning/cost_model.h"
#include "harness/tuning/trial.h"

namespace harness {

/// What the trials so far say about every candidate. A candidate of which a trial did not pass is
/// out; one that the correctness gate stopped takes all with its implementation and flags along.
class TrialHistory {
 public:
  /// Both must outlive this; trials are in the order they ran.
  TrialHistory(const std::vector<Cell>& candidates, const std::vector<Trial>& trials);

  bool out(std::size_t candidate) const { return out_[candidate]; }
  /// Its passed rounds, ascending.
  const std::vector<RoundTime>& rounds(std::size_t candidate) const { return rounds_[candidate]; }
  /// Log of the median of its rounds, which it must have.
  double log_seconds(std::size_t candidate) const;
  /// Candidates that are not out, ascending: with rounds, and without.
  std::vector<std::size_t> measured() const;
  std::vector<std::size_t> unmeasured() const;
  /// Candidates, each once, with a passed trial of this stage.
  std::vector<std::size_t> passed_in(TrialStage stage) const;
  /// Candidates of the last narrowing pass that are not out; none before the first.
  std::vector<std::size_t> last_narrowed() const;
  /// Narrowing passes that the candidate took part in.
  int64_t narrowing_passes(std::size_t candidate) const;
  int64_t next_pass() const;
  /// The cost model of all passed rounds.
  CostModel fit(const CostFeatures& features) const;

 private:
  const std::vector<Cell>& candidates_;
  const std::vector<Trial>& trials_;
  std::vector<bool> out_;
  std::vector<std::vector<RoundTime>> rounds_;
};

}  // namespace harness
