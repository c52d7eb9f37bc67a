#include "harness/analysis/cell_summary.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "harness/analysis/noise.h"
#include "harness/harness_error.h"

namespace harness {

std::optional<int64_t> CellSummary::peak_bytes() const {
  if (measured) return measured->peak_bytes;
  if (planned) return planned->peak_bytes;
  return std::nullopt;
}

std::vector<std::string> group_axes(const RunInfo& info) {
  std::vector<std::string> axes;
  for (const std::string& axis : info.axes) {
    if (axis != "implementation" && axis != "micro_batch" && axis != "flags") axes.push_back(axis);
  }
  return axes;
}

std::vector<std::string> axis_values(const Cell& cell, const std::vector<std::string>& axes) {
  std::vector<std::string> values;
  values.reserve(axes.size());
  for (const std::string& axis : axes) values.push_back(cell.axis_text(axis));
  return values;
}

std::string cell_identity(const Cell& cell) {
  // A record's model axes come back from JSON sorted by name, a plan's stand in the spec's order.
  std::vector<std::pair<std::string, std::string>> model_axes = cell.model_axes;
  std::sort(model_axes.begin(), model_axes.end());
  std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", cell.implementation, cell.micro_batch,
                  cell.sequence_length, cell.precision, cell.optimizer, cell.flags_text());
  for (const auto& [name, value] : model_axes) text += fmt::format("\n{}={}", name, value);
  return text;
}

/// The record that says what became of a cell; `records` are its own, ascending by round.
static const Record& deciding_record(const std::vector<const Record*>& records) {
  const Record* failed = nullptr;
  for (const Record* record : records) {
    if (record->status == Status::kIncorrect) return *record;
    if (record->status != Status::kPassed && failed == nullptr) failed = record;
  }
  return failed != nullptr ? *failed : *records.front();
}

/// Mean over all sequences of the timed steps; rounds train on the same ones.
static std::optional<double> tokens_per_sequence(const Record& record) {
  if (record.tokens.empty()) return std::nullopt;
  double tokens = 0;
  for (const int64_t count : record.tokens) tokens += static_cast<double>(count);
  return tokens / static_cast<double>(static_cast<int64_t>(record.tokens.size()) *
                                      record.sequences_per_sample);
}

/// Fill in what the records of one cell, ascending by round and at least one, say.
static void add_records(CellSummary& summary, const std::vector<const Record*>& records) {
  const Record& deciding = deciding_record(records);
  summary.records = static_cast<int64_t>(records.size());
  summary.status = deciding.status;
  summary.reason = deciding.reason;
  summary.memory_source = deciding.memory.source;
  for (const Record* record : records) {
    if (record->status != Status::kPassed) continue;
    summary.rounds.push_back(round_time(*record));
    if (!summary.tokens_per_sequence) summary.tokens_per_sequence = tokens_per_sequence(*record);
    const std::optional<MemoryFootprint>& measured = record->memory.measured;
    if (measured && (!summary.measured || measured->peak_bytes > summary.measured->peak_bytes)) {
      summary.measured = measured;
    }
  }
  if (summary.status != Status::kPassed) return;
  if (const std::optional<std::string> reason = noise_reason(summary.rounds)) {
    summary.status = Status::kMistrusted;
    summary.reason = *reason;
  } else {
    summary.samples_per_second = samples_per_second(summary.rounds);
  }
}

/// A cell that was never launched, since its plan is over the limit, is out of memory all the same.
static void judge_by_plan(CellSummary& summary) {
  const std::optional<int64_t> usable = summary.cell.device.usable_bytes();
  if (!summary.planned || !usable || summary.planned->peak_bytes <= *usable) return;
  summary.status = Status::kOutOfMemory;
  summary.reason = "not run: over the memory limit by the plan";
  summary.memory_source = "planned";
}

static void sort_by_round(std::vector<const Record*>& records) {
  const auto by_round = [](const Record* a, const Record* b) { return a->round < b->round; };
  std::stable_sort(records.begin(), records.end(), by_round);
  const auto twice =
      std::adjacent_find(records.begin(), records.end(),
                         [](const Record* a, const Record* b) { return a->round == b->round; });
  if (twice != records.end()) {
    const Cell& cell = (*twice)->cell;
    throw HarnessError(
        fmt::format("two records of {} at micro-batch {}, flags {}, round {}; remove one",
                    cell.implementation, cell.micro_batch, cell.flags_text(), (*twice)->round));
  }
}

std::vector<CellGroup> summarize_cells(const RunInfo& info, const std::vector<Record>& records,
                                       const Catalog& catalog) {
  std::vector<CellSummary> summaries;
  std::vector<std::vector<const Record*>> records_of;
  std::unordered_map<std::string, std::size_t> index;
  const auto slot = [&](const Cell& cell) {
    const auto [position, added] = index.try_emplace(cell_identity(cell), summaries.size());
    if (added) {
      CellSummary& summary = summaries.emplace_back();
      summary.cell = cell;
      summary.work = catalog.work_of(cell.flags);
      records_of.emplace_back();
    }
    return position->second;
  };
  for (const PlannedCell& planned : info.plans) {
    CellSummary& summary = summaries[slot(planned.cell)];
    summary.planned = planned.plan.footprint;
    summary.unsupported_reason = planned.plan.unsupported_reason;
  }
  for (const Record& record : records) records_of[slot(record.cell)].push_back(&record);

  const std::vector<std::string> axes = group_axes(info);
  std::vector<CellGroup> groups;
  std::map<std::vector<std::string>, std::size_t> group_index;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    if (!records_of[i].empty()) {
      sort_by_round(records_of[i]);
      add_records(summaries[i], records_of[i]);
      const std::optional<MemoryFootprint>& planned = records_of[i].front()->memory.planned;
      if (!summaries[i].planned) summaries[i].planned = planned;
    } else {
      judge_by_plan(summaries[i]);
    }
    const std::vector<std::string> values = axis_values(summaries[i].cell, axes);
    const auto [position, added] = group_index.try_emplace(values, groups.size());
    if (added) groups.push_back({values, {}});
    groups[position->second].cells.push_back(std::move(summaries[i]));
  }
  return groups;
}

}  // namespace harness
