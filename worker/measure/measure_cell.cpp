#include "worker/measure/measure_cell.h"

#include <cmath>
#include <new>

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "harness/protocol/protocol_error.h"
#include "harness/protocol/whereabouts.h"
#include "serve/build_description.h"
#include "worker/cell_model.h"
#include "worker/device/devices.h"
#include "worker/measure/environment.h"
#include "worker/measure/error_line.h"
#include "worker/measure/phase_reporter.h"
#include "worker/measure/thread_affinity.h"
#include "worker/memory/phase_names.h"
#include "worker/support.h"
#include "worker/training_run.h"

namespace worker {
namespace {

harness::Record unfinished_record(const serve::MeasureRequest& request,
                                  const ThreadAffinity& threads) {
  harness::Record record;
  record.cell = request.cell;
  record.round = request.round;
  record.sequences_per_sample = request.cell.sequences_per_step();
  record.environment = describe_environment(threads);
  record.build = serve::describe_build();
  record.repro = request.repro;
  return record;
}

void stop(harness::Record& record, harness::Status status, train::Phase phase,
          const std::string& reason) {
  record.status = status;
  record.phase = protocol_phase(phase);
  record.reason = reason;
  record.samples.clear();
  record.tokens.clear();
}

/// Why the threads are not as the cell asks; empty where they are.
std::string threads_problem(const harness::Cell& cell, const ThreadAffinity& threads) {
  if (cell.measure.pinning == "compact" && !is_pinned(threads)) {
    return fmt::format(
        "the {} threads cannot have a processor each, as the pinning \"compact\" asks; use fewer "
        "threads or \"none\"",
        threads.size());
  }
  return {};
}

void run(const harness::Cell& cell, const model::Registry& registry, Device& device,
         harness::Record& record) {
  device.warm_up(dtype_of(cell.precision));
  device.describe(record.environment);
  device.begin_run({.limit_bytes = cell.device.usable_bytes(), .poison = false});
  const RunPlace place{device.torch_device(), device.kind(), cell.accumulation_steps()};
  PhaseReporter phases(device.ledger());
  const auto recorder = cell.measure.cuda_graph ? device.make_recorder() : nullptr;
  TrainingRun training(cell, registry, place, phases, {}, recorder.get());
  at::Tensor last_loss;
  const int64_t steps = cell.measure.warmup_steps + cell.measure.steps;
  const auto step = [&](uint64_t number) {
    harness::report_step(static_cast<int64_t>(number) + 1, steps);
    last_loss.reset();  // of the step before: no plan has both
    return last_loss = training.step(number);
  };
  record.samples = device.time_steps(cell.measure.warmup_steps, cell.measure.steps, step);
  for (int64_t i = 0; i < cell.measure.steps; ++i) {
    const auto number = static_cast<uint64_t>(cell.measure.warmup_steps + i);
    record.tokens.push_back(training.data().tokens(number));
  }
  record.memory.measured = device.footprint();
  device.describe(record.environment);
  const auto loss = last_loss.item<double>();
  if (!std::isfinite(loss)) {
    stop(record, harness::Status::kIncorrect, train::Phase::kForward,
         fmt::format("the loss was {} after {} steps", loss, steps));
  }
}

/// The record of a run that ended with `refusal`.
void record_refusal(const Refusal& refusal, const harness::Cell& cell, harness::Record& record) {
  record.memory.out_of_memory = refusal.detail;
  const auto wanted =
      fmt::format("{} bytes asked for in {}, {} in use", refusal.detail.requested_bytes,
                  phase_name(refusal.phase), refusal.detail.in_use_bytes);
  const auto limit = cell.device.usable_bytes();
  switch (refusal.reason) {
    case Refusal::Reason::kLimit:
      stop(record, harness::Status::kOutOfMemory, refusal.phase,
           fmt::format("{}; the limit is {} bytes", wanted, limit.value_or(0)));
      break;
    case Refusal::Reason::kDevice:
      stop(record, harness::Status::kOutOfMemory, refusal.phase,
           fmt::format("{}; the device had {} bytes free{}", wanted, refusal.device_free_bytes,
                       limit ? fmt::format(", before the limit of {} bytes", *limit) : ""));
      break;
    case Refusal::Reason::kMachine:
      stop(record, harness::Status::kSkipped, refusal.phase,
           fmt::format("this machine's own memory: {}", wanted));
      break;
  }
}

/// The record of a run that an error with `message` ended. Where the device has a fault, the error
/// is whichever call met it first.
void record_crash(Device& device, const std::string& message, harness::Record& record) {
  const auto fault = device.fault();
  stop(record, harness::Status::kCrashed, device.ledger().phase(),
       fault.empty() ? error_line(message) : fault);
}

}  // namespace

harness::Record measure_cell(const serve::MeasureRequest& request,
                             const model::Registry& registry) {
  const auto& cell = request.cell;
  if (const auto reason = unsupported_reason(cell, registry); !reason.empty()) {
    at::set_num_threads(static_cast<int>(resolved_threads(cell.measure)));
    auto record = unfinished_record(request, read_thread_affinity());
    stop(record, harness::Status::kUnsupported, train::Phase::kSetup, reason);
    return record;
  }
  return measure_cell(request, registry, device_of(cell.device.kind));
}

harness::Record measure_cell(const serve::MeasureRequest& request, const model::Registry& registry,
                             Device& device) {
  const auto& cell = request.cell;
  at::set_num_threads(static_cast<int>(resolved_threads(cell.measure)));
  const auto threads = read_thread_affinity();
  auto record = unfinished_record(request, threads);
  if (const auto reason = threads_problem(cell, threads); !reason.empty()) {
    stop(record, harness::Status::kUnsupported, train::Phase::kSetup, reason);
    return record;
  }
  try {
    run(cell, registry, device, record);
  } catch (const c10::OutOfMemoryError&) {
    const auto refusal = device.last_refusal();
    if (!refusal) throw;
    record_refusal(*refusal, cell, record);
  } catch (const harness::ProtocolError&) {
    throw;  // the request is wrong, not the run
  } catch (const c10::Error& error) {
    record_crash(device, error.what_without_backtrace(), record);
  } catch (const std::bad_alloc&) {
    stop(record, harness::Status::kSkipped, device.ledger().phase(),
         "this machine's own memory: the heap had no room");
  } catch (const std::exception& error) {
    record_crash(device, error.what(), record);
  }
  return record;
}

}  // namespace worker
