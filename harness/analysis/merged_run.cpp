#include "harness/analysis/merged_run.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "harness/analysis/cell_summary.h"
#include "harness/harness_error.h"
#include "harness/plan/cell_groups.h"
#include "harness/plan/shard.h"

namespace harness {
namespace {

constexpr const char* kMachine = "machine";

[[noreturn]] void refuse(const RunPart& first, const RunPart& other, const std::string& why) {
  throw UsageError(fmt::format("cannot merge {} with {}: {}", other.name, first.name, why));
}

Facts without(Facts facts, const char* name) {
  facts.erase(name);
  return facts;
}

/// A cell as errors name it.
std::string label(const Cell& cell) {
  return fmt::format("{} at micro-batch {}, flags {}", cell.implementation, cell.micro_batch,
                     cell.flags_text());
}

void check_same_sweep(const RunPart& first, const RunPart& other) {
  const auto differing =
      differences(without(first.origin.sweep, kShardFact), without(other.origin.sweep, kShardFact));
  if (!differing.empty()) {
    refuse(first, other, fmt::format("it is a run of another sweep ({})", differing));
  }
}

/// The plans of one sweep by one build are the same, wherever the data lies.
void check_same_plan(const RunPart& first, const RunPart& other) {
  const auto same_plan = [](const PlannedCell& a, const PlannedCell& b) {
    return cell_identity(a.cell) == cell_identity(b.cell) && a.plan == b.plan;
  };
  const auto& a = first.info;
  const auto& b = other.info;
  const bool same =
      std::equal(a.plans.begin(), a.plans.end(), b.plans.begin(), b.plans.end(), same_plan);
  if (!same || a.axes != b.axes || a.baseline != b.baseline || a.published != b.published ||
      a.flag_table_limits != b.flag_table_limits) {
    refuse(first, other, "its run.json has other plans; plan both with one build of the worker");
  }
}

void check_same_place(const RunPart& first, const RunPart& other, const MergePolicy& policy) {
  if (first.origin.starts.empty()) return;
  const RunStart& reference = first.origin.starts.front();
  for (const RunStart& start : other.origin.starts) {
    const auto machine =
        differences(without(reference.machine, kMachine), without(start.machine, kMachine));
    if (!machine.empty() && !policy.other_machine) {
      refuse(first, other,
             fmt::format("it was measured on another kind of machine ({}), and tables also compare "
                         "micro-batches; force it with --other-machine",
                         machine));
    }
    const auto build = differences(reference.build, start.build);
    if (!build.empty() && !policy.other_build) {
      refuse(first, other,
             fmt::format("it was measured by another build of the worker ({}); force it with "
                         "--other-build",
                         build));
    }
  }
}

/// Where a kept record came from.
struct Place {
  const RunPart* part;
  std::size_t index;

  const Record& record() const { return part->records[index]; }
  const RunStart& start() const { return start_of(part->origin, static_cast<int64_t>(index)); }
};

/// Refuses a comparison of which two records were measured on different machines.
class OneMachineEach {
 public:
  void add(const Place& place) {
    const auto key = comparison_key(place.record().cell);
    const Place& first = places_.try_emplace(key, place).first->second;
    const auto differing = differences(first.start().machine, place.start().machine);
    if (differing.empty()) return;
    refuse(*first.part, *place.part,
           fmt::format("{} and {} are compared with each other and were measured on different "
                       "machines ({})",
                       label(place.record().cell), label(first.record().cell), differing));
  }

 private:
  std::unordered_map<std::string, Place> places_;
};

/// The records of all parts, each once, and the starts that they are from.
class Joined {
 public:
  explicit Joined(MergedRun& run) : run_(run) {}

  void add(const Place& place) {
    const auto& record = place.record();
    const auto [known, added] =
        known_.try_emplace({cell_identity(record.cell), record.round}, place);
    if (!added) {
      check_alike(known->second, place);
      ++run_.repeated;
      return;
    }
    machines_.add(place);
    const RunStart& start = place.start();
    if (&start != current_) {
      current_ = &start;
      run_.origin.starts.push_back(start);
      run_.origin.starts.back().first_record = static_cast<int64_t>(run_.records.size());
    }
    run_.records.push_back(record);
  }

 private:
  static void check_alike(const Place& known, const Place& other) {
    if (known.record() == other.record()) return;
    refuse(*known.part, *other.part,
           fmt::format("records {} there and {} here are both of {}, round {}, and differ",
                       known.index + 1, other.index + 1, label(other.record().cell),
                       other.record().round));
  }

  MergedRun& run_;
  const RunStart* current_ = nullptr;
  std::map<std::pair<std::string, int64_t>, Place> known_;
  OneMachineEach machines_;
};

/// Traces of all parts, each cell's once.
std::vector<CellTrace> join_traces(const std::vector<RunPart>& parts) {
  std::vector<CellTrace> traces;
  std::map<std::string, const CellTrace*> known;
  for (const RunPart& part : parts) {
    for (const CellTrace& trace : part.info.traces) {
      if (known.try_emplace(cell_identity(trace.cell), &trace).second) traces.push_back(trace);
    }
  }
  return traces;
}

}  // namespace

MergedRun merge_runs(const std::vector<RunPart>& parts, const MergePolicy& policy) {
  if (parts.empty()) throw std::invalid_argument("no runs to merge");
  const RunPart& first = parts.front();
  MergedRun merged;
  merged.info = first.info;
  merged.origin.sweep = without(first.origin.sweep, kShardFact);
  Joined joined(merged);
  for (const RunPart& part : parts) {
    check_same_sweep(first, part);
    check_same_place(first, part, policy);
    check_same_plan(first, part);
    if (part.info.device.available) merged.info.device = part.info.device;
    for (std::size_t i = 0; i < part.records.size(); ++i) joined.add({&part, i});
  }
  merged.info.traces = join_traces(parts);
  return merged;
}

}  // namespace harness
