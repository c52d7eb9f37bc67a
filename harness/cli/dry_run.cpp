#include "harness/cli/dry_run.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/cell_line.h"
#include "harness/cli/expected_time.h"
#include "harness/cli/progress_text.h"
#include "harness/count_text.h"
#include "harness/harness_error.h"
#include "harness/store/earlier_runs.h"
#include "harness/store/run_directory.h"
#include "machine/facts.h"

namespace harness {
namespace {

struct Expectation {
  ExpectedTime time;
  std::filesystem::path run;  ///< what it goes by; empty: nothing
};

/// The records of a run that a machine like `here` made; none where the run does not say.
std::vector<Record> records_of_machine(const std::filesystem::path& run, const Facts& here) {
  const auto origin = read_origin(run);
  if (!origin || origin->starts.empty()) return {};
  auto all = read_records(records_path(run)).records;
  std::vector<Record> records;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const RunStart& start = start_of(*origin, static_cast<int64_t>(i));
    if (launches_alike(start.machine, here)) records.push_back(std::move(all[i]));
  }
  return records;
}

Expectation expectation(const std::string& name, const Schedule& schedule, std::ostream& error) {
  const Facts here = machine::machine_facts();
  for (const auto& run : earlier_runs(name)) {
    try {
      const auto time = expect_time(schedule, records_of_machine(run, here));
      if (time.seconds) return {time, run};
    } catch (const UsageError& damaged) {
      fmt::print(error, "bench_sweep: warning: {}; this run is not asked how long it took\n",
                 damaged.what());
    }
  }
  return {expect_time(schedule, {}), {}};
}

std::string expectation_text(const std::string& name, const Expectation& expected) {
  const auto& time = expected.time;
  if (!time.seconds) {
    return fmt::format(
        "expected: unknown, no run of {} on this machine has measured any of these "
        "cells",
        name);
  }
  auto text = fmt::format("expected: {} for the launches, as in {}", clock_text(*time.seconds),
                          expected.run.string());
  if (time.known_cells < time.cells) {
    text += fmt::format(", which measured {} of the {}; the others by their arithmetic",
                        time.known_cells, count_text(time.cells, "cell"));
  }
  return text;
}

}  // namespace

void print_dry_run(const std::string& name, const PlannedSweep& planned, std::ostream& out,
                   std::ostream& error) {
  for (const auto& scheduled : planned.schedule.cells) {
    fmt::print(out, "{}\n", cell_line(scheduled, planned.info.axes));
  }
  const auto& launches = planned.schedule.launches;
  if (launches.empty()) {
    fmt::print(out, "nothing would be launched\n");
    return;
  }
  const auto expected = expectation(name, planned.schedule, error);
  fmt::print(out,
             "{} of {}, after {}\n{}\nat most: {}, where all of them run into their time-out\n",
             count_text(launches.size(), "launch", "es"), count_text(expected.time.cells, "cell"),
             count_text(expected.time.checks, "correctness check"),
             expectation_text(name, expected), clock_text(expected.time.longest_seconds));
}

}  // namespace harness
