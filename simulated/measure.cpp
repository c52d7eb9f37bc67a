#include "simulated/measure.h"

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/protocol/record.h"
#include "harness/protocol/whereabouts.h"
#include "serve/build_description.h"
#include "simulated/cost.h"
#include "simulated/draws.h"
#include "simulated/fault.h"
#include "simulated/garbage.h"

namespace simulated {
namespace {

using harness::Phase;
using harness::Record;
using harness::Status;

/// Tells the driver that a step has come so far.
void enter_phases_up_to(Phase last) {
  for (const auto phase : {Phase::kForward, Phase::kBackward, Phase::kOptimizer}) {
    if (phase > last) return;
    fmt::print(stderr, "phase: {}\n", to_string(phase));
    harness::report_phase(phase);
  }
}

Record unfinished_record(const serve::MeasureRequest& request) {
  Record record;
  record.cell = request.cell;
  record.round = request.round;
  record.sequences_per_sample = request.cell.sequences_per_step();
  record.environment = {{"threads", request.cell.measure.threads}, {"simulated", true}};
  record.build = serve::describe_build();
  record.repro = request.repro;
  return record;
}

void stop(Record& record, Status status, Phase phase, std::string reason) {
  record.status = status;
  record.phase = phase;
  record.reason = std::move(reason);
}

/// The allocation that does not fit under `limit`: the base at set-up, or the activations.
void run_out_of_memory(Record& record, const harness::MemoryFootprint& memory, int64_t limit) {
  harness::OutOfMemory refused;
  refused.in_use = memory.at_peak;
  refused.in_use.saved_activations = 0;
  const bool has_base = refused.in_use.total() <= limit;
  if (!has_base) refused.in_use = {};
  refused.in_use_bytes = refused.in_use.total();
  refused.requested_bytes = has_base ? memory.at_peak.saved_activations
                                     : memory.peak_bytes - memory.at_peak.saved_activations;
  const Phase phase = has_base ? Phase::kForward : Phase::kSetup;
  stop(record, Status::kOutOfMemory, phase,
       fmt::format("{} bytes asked for in {}, {} in use; the limit is {} bytes",
                   refused.requested_bytes, to_string(phase), refused.in_use_bytes, limit));
  record.memory.out_of_memory = refused;
}

/// Seconds of every step of the round, warm-up first.
std::vector<double> step_times(const Record& record, double percent_per_step) {
  const auto& cell = record.cell;
  const auto& device = cell.device.simulated.value();
  auto draws = draws_of_cell(cell, fmt::format("noise of round {}", record.round));
  const double seconds = step_seconds(cell) *
                         std::pow(1 + device.drift_percent / 100, record.round) *
                         log_normal(device.noise.round, draws);
  std::vector<double> times;
  double drift = 1;
  for (int64_t i = 0; i < cell.measure.warmup_steps + cell.measure.steps; ++i) {
    times.push_back(seconds * drift * log_normal(device.noise.step, draws));
    drift *= 1 + percent_per_step / 100;
  }
  return times;
}

void run_steps(Record& record, double percent_per_step) {
  const auto& cell = record.cell;
  const auto times = step_times(record, percent_per_step);
  if (cell.device.simulated.value().real_time) {
    for (const double seconds : times) {
      std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    }
  }
  record.samples.assign(times.end() - cell.measure.steps, times.end());
  record.tokens.assign(record.samples.size(), record.sequences_per_sample * cell.sequence_length);
  record.memory.measured = footprint(cell);
}

[[noreturn]] void crash() {
  std::signal(SIGSEGV, SIG_DFL);
  std::raise(SIGSEGV);
  std::abort();  // where SIGSEGV is blocked
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

std::string line_of(const Record& record) {
  return nlohmann::json(record).dump();
}

}  // namespace

std::string measure(const serve::MeasureRequest& request) {
  auto record = unfinished_record(request);
  const auto memory = footprint(request.cell);
  const auto limit = request.cell.device.usable_bytes();
  if (limit && memory.peak_bytes > *limit) {
    run_out_of_memory(record, memory, *limit);
    return line_of(record);
  }
  const auto fault = find_fault(request.cell, request.round).value_or(harness::SimulatedFault());
  if (fault.kind == "out_of_memory") {
    run_out_of_memory(record, memory, fault.above_bytes.value_or(memory.peak_bytes - 1));
    return line_of(record);
  }
  const auto phase = harness::parse_phase(fault.phase);
  if (fault.kind == "crash" || fault.kind == "hang") {
    enter_phases_up_to(phase);
    fault.kind == "crash" ? crash() : hang();
  }
  if (fault.kind == "sticky_error") {
    stop(record, Status::kCrashed, phase,
         "simulated device error: every call on the device fails from here on");
    return line_of(record);
  }
  enter_phases_up_to(Phase::kOptimizer);
  run_steps(record, fault.percent_per_step);
  return fault.kind == "garbage" ? garbage(record, fault.form) : line_of(record);
}

}  // namespace simulated
