#include "harness/store/open_run.h"

#include <utility>

#include <fmt/format.h>

#include "files/atomic_file.h"
#include "harness/harness_error.h"
#include "harness/store/run_directory.h"

namespace harness {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& directory, const std::string& why) {
  throw UsageError(fmt::format("cannot resume {}: {}", directory.string(), why));
}

void check_same_sweep(const std::filesystem::path& directory, const Facts& before,
                      const Facts& now) {
  const auto differing = differences(before, now);
  if (differing.empty()) return;
  refuse(directory, fmt::format("it is a run of another sweep ({}); give the sweep, data and "
                                "options that it was started with, or start another run with --out",
                                differing));
}

void check_same_place(const std::filesystem::path& directory, const RunStart& before,
                      const RunStart& now, const ResumePolicy& policy) {
  const auto machine = differences(before.machine, now.machine);
  if (!machine.empty() && !policy.other_machine) {
    refuse(directory, fmt::format("it was measured on another machine ({}); go on there, or force "
                                  "it with --other-machine",
                                  machine));
  }
  const auto build = differences(before.build, now.build);
  if (!build.empty() && !policy.other_build) {
    refuse(directory, fmt::format("it was measured by another build of the worker ({}); use that "
                                  "build, or force it with --other-build",
                                  build));
  }
}

}  // namespace

OpenRun::OpenRun(std::filesystem::path directory, const RunOrigin& here,
                 const std::optional<ResumePolicy>& resume)
    : directory_(std::move(directory)),
      origin_(here),
      log_(records_path(directory_), resume ? RecordLog::Mode::kResume : RecordLog::Mode::kNew),
      records_(log_.stored().records) {
  if (resume) go_on(*resume);
  write_origin(directory_, origin_);
}

void OpenRun::go_on(const ResumePolicy& policy) {
  auto stored = read_origin(directory_);
  const auto recorded = static_cast<int64_t>(records_.size());
  if (!stored && recorded > 0) {
    refuse(directory_,
           "it has no origin.json, which says what it was measured with; gate, selftest and tune "
           "write none, and their runs cannot be gone on with: start another run with --out");
  }
  if (!log_.stored().warning.empty()) {
    notes_.push_back(log_.stored().warning + "; removed, its round is measured again");
  }
  if (!stored) return;
  check_same_sweep(directory_, stored->sweep, origin_.sweep);
  auto& starts = stored->starts;
  if (!starts.empty() && starts.back().first_record > recorded) {
    refuse(directory_, fmt::format("records.jsonl has {} records where origin.json knows of more "
                                   "than {}; put back what was taken out",
                                   recorded, starts.back().first_record));
  }
  if (!starts.empty() && starts.back().first_record == recorded) {
    starts.pop_back();  // it recorded nothing
  }
  auto now = origin_.starts.front();
  if (!starts.empty()) {
    check_same_place(directory_, starts.back(), now, policy);
    if (now.time < starts.back().time) {
      notes_.push_back(
          fmt::format("the clock went backwards: it is {}, and the run was last "
                      "started at {}; times of steps are not affected",
                      now.time, starts.back().time));
    }
  }
  now.first_record = recorded;
  starts.push_back(std::move(now));
  origin_ = std::move(*stored);
  files::remove_abandoned_files(directory_);
  if (auto info = read_run_info(directory_)) stored_traces_ = std::move(info->traces);
}

void OpenRun::append(const Record& record) {
  log_.append(record);
  records_.push_back(record);
}

}  // namespace harness
