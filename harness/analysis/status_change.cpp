#include "harness/analysis/status_change.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace harness {
namespace {

constexpr std::array kBestToWorst = {Status::kPassed,   Status::kOutOfMemory, Status::kUnsupported,
                                     Status::kTimedOut, Status::kCrashed,     Status::kIncorrect};

/// Place in kBestToWorst, or none of a status that says nothing about the build.
std::optional<std::ptrdiff_t> rank_of(const std::optional<Status>& status) {
  if (!status) return std::nullopt;
  const auto* place = std::find(kBestToWorst.begin(), kBestToWorst.end(), *status);
  if (place == kBestToWorst.end()) return std::nullopt;
  return place - kBestToWorst.begin();
}

Verdict verdict_of_unchanged(Status status) {
  switch (status) {
    case Status::kPassed:
    case Status::kOutOfMemory:
      return Verdict::kPassed;
    case Status::kSkipped:
    case Status::kUnsupported:
      return Verdict::kSkipped;
    case Status::kIncorrect:
      return Verdict::kFailed;
    case Status::kMistrusted:
    case Status::kTimedOut:
    case Status::kCrashed:
      break;
  }
  return Verdict::kInconclusive;
}

Verdict verdict_of(const StatusChange& change) {
  if (change.before && change.before == change.after) return verdict_of_unchanged(*change.after);
  const auto before = rank_of(change.before);
  const auto after = rank_of(change.after);
  if (change.after == Status::kIncorrect) return Verdict::kFailed;
  if (!before || !after) return Verdict::kInconclusive;
  return *after > *before ? Verdict::kFailed : Verdict::kImproved;
}

std::string text_of(const std::optional<Status>& status) {
  return status ? std::string(to_string(*status)) : "not run";
}

}  // namespace

std::optional<Status> status_without_noise(const CellSummary& cell) {
  const bool every_round_passed =
      cell.records > 0 && static_cast<int64_t>(cell.rounds.size()) == cell.records;
  return every_round_passed ? Status::kPassed : cell.status;
}

StatusChange judge_status(const CellSummary& before, const CellSummary& after) {
  StatusChange change{status_without_noise(before), status_without_noise(after), {}, ""};
  change.verdict = verdict_of(change);
  const bool now_passed = change.after == Status::kPassed;
  if (now_passed && change.before == Status::kPassed) return change;
  const std::string& why = now_passed ? before.reason : after.reason;
  if (change.before == change.after) {
    change.reason = fmt::format("{} on both sides", text_of(change.after));
  } else {
    change.reason = fmt::format("{} before, {} now", text_of(change.before), text_of(change.after));
  }
  if (!why.empty()) change.reason += ": " + why;
  return change;
}

}  // namespace harness
