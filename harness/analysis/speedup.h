#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/fit_table.h"
#include "harness/protocol/run_info.h"

namespace harness {

/// One side of a comparison: an implementation with one flag set at one micro-batch, measured by us
/// or published by others.
struct SpeedupSide {
  std::string implementation;                 ///< empty: there is no such cell
  std::string flags = "none";                 ///< as Cell::flags_text()
  std::string work;                           ///< as CellSummary's; empty: as without flags
  std::optional<Status> status;               ///< none: not run, not published
  std::string reason;                         ///< one line; empty where passed
  std::optional<double> samples_per_second;   ///< none where the status is not passed
  std::optional<double> tokens_per_sequence;  ///< real tokens, padding not counted
  std::optional<int64_t> peak_bytes;
  bool peak_is_planned = false;    ///< no round measured it
  std::vector<RoundTime> rounds;   ///< those that passed; empty where only the rate is known
  std::optional<int64_t> records;  ///< rounds, passed or not; none where only the rate is known
};

enum class SpeedupBasis {
  kSameMicroBatch,
  kBestBaseline,  ///< the baseline ran out of memory: its best rate at any micro-batch of the group
};

/// One row of speedup.csv.
struct SpeedupRow {
  std::vector<std::string> axes;
  int64_t micro_batch = 0;
  SpeedupSide baseline;
  SpeedupSide candidate;
  std::optional<double> speedup;     ///< candidate's rate over the baseline's
  std::optional<Interval> interval;  ///< 95 %, none below 6 common rounds
  std::optional<SpeedupBasis> basis;
};

/// What is compared at one micro-batch.
struct Comparison {
  int64_t micro_batch = 0;
  SpeedupSide baseline;
  std::vector<SpeedupSide> candidates;
};

/// Comparisons that share a baseline: one group of a run, or one published table.
struct ComparisonGroup {
  std::vector<std::string> axes;
  std::vector<Comparison> comparisons;  ///< ascending by micro-batch
};

/// Whether `implementation` stands for what users have without us: "best" chooses among these.
bool is_reference(const std::string& implementation);

/// Whether any cell may be the baseline that RunInfo names: "best" has none to choose from in a
/// sweep without references.
bool has_baseline(const RunInfo& info, const std::vector<CellGroup>& groups);

/// The × of every candidate: exp(median of the log ratios of the rounds that both have), or the
/// ratio of the rates where a side has no rounds. Where the baseline is out of memory in every
/// round, the × is to its best rate at any micro-batch of the group. A side that did not pass, be
/// it in one round, gives no ×. A comparison without candidates gives one row with an empty one.
std::vector<SpeedupRow> derive_speedups(const ComparisonGroup& group);

/// What a run compares: per micro-batch the baseline that RunInfo names, without flags ("best": the
/// fastest passed reference), and every other implementation and flag set, the sets of an
/// implementation from cheap to dear. A baseline without a record, be it that the sweep left it
/// out, counts as out of memory where the plan puts it over the device's limit; its peak is the
/// plan's where RunInfo has one for it.
std::vector<ComparisonGroup> compare_run(const RunInfo& info, const std::vector<CellGroup>& groups,
                                         const FitTable& fits, const FlagOrder& cheaper);

/// What a publication compares, a group per memory limit: no rate means out of memory.
std::vector<ComparisonGroup> compare_published(const PublishedTables& published);

}  // namespace harness
