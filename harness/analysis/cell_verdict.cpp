#include "harness/analysis/cell_verdict.h"

#include <fmt/format.h>

#include "harness/analysis/cell_difference.h"

namespace harness {
namespace {

/// What cannot be judged; null: the side has no such cell.
CellVerdict inconclusive(const CellSummary* before, const CellSummary* after,
                         const std::string& reason) {
  CellVerdict verdict;
  verdict.cell = after != nullptr ? after->cell : before->cell;
  if (before != nullptr) verdict.status.before = status_without_noise(*before);
  if (after != nullptr) verdict.status.after = status_without_noise(*after);
  verdict.status.verdict = Verdict::kInconclusive;
  verdict.reason = reason;
  return verdict;
}

void append_reason(std::string& reasons, const std::string& reason) {
  if (!reason.empty()) reasons += (reasons.empty() ? "" : "; ") + reason;
}

void judge_measures(const CellSummary& before, const CellSummary& after, const GateBudget& budget,
                    GateAgainst against, CellVerdict& verdict) {
  const bool passed =
      verdict.status.before == Status::kPassed && verdict.status.after == Status::kPassed;
  if (!passed) return;
  if (before.measured && after.measured) {
    verdict.memory =
        judge_memory(before.measured->peak_bytes, after.measured->peak_bytes, budget.memory);
  }
  if (against == GateAgainst::kWorker) {
    verdict.time = judge_time(before.rounds, after.rounds, budget.time);
  }
}

}  // namespace

CellVerdict judge_cell(const CellSummary* before, const CellSummary* after,
                       const GateBudget& budget, GateAgainst against) {
  if (before == nullptr) {
    return inconclusive(before, after, "new: there is no such cell before to compare it with");
  }
  if (after == nullptr) {
    return inconclusive(before, after, "lost: the sweep no longer has this cell");
  }
  if (against == GateAgainst::kRun) {
    const std::string difference = cell_difference(before->cell, after->cell);
    if (!difference.empty()) {
      return inconclusive(before, after,
                          fmt::format("the run measured it with another {}; gate "
                                      "against a run of this sweep",
                                      difference));
    }
  }
  CellVerdict verdict;
  verdict.cell = after->cell;
  verdict.status = judge_status(*before, *after);
  verdict.before_samples_per_second = samples_per_second(before->rounds);
  verdict.after_samples_per_second = samples_per_second(after->rounds);
  verdict.verdict = verdict.status.verdict;
  verdict.reason = verdict.status.reason;
  judge_measures(*before, *after, budget, against, verdict);
  if (verdict.memory) {
    verdict.verdict = gravest(verdict.verdict, verdict.memory->verdict);
    append_reason(verdict.reason, reason_of(*verdict.memory));
  }
  if (verdict.time) {
    verdict.verdict = gravest(verdict.verdict, verdict.time->verdict);
    append_reason(verdict.reason, reason_of(*verdict.time));
  }
  return verdict;
}

bool needs_confirmation(const CellVerdict& verdict) {
  const bool by_memory = verdict.memory && verdict.memory->verdict == Verdict::kFailed;
  return verdict.time && verdict.time->verdict == Verdict::kFailed && !by_memory &&
         verdict.status.verdict != Verdict::kFailed;
}

CellVerdict confirmed(const CellVerdict& first, CellVerdict second) {
  second.first_time = first.time;
  return second;
}

}  // namespace harness
