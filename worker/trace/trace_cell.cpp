#include "worker/trace/trace_cell.h"

#include <algorithm>
#include <stdexcept>

#include <ATen/Parallel.h>

#include "worker/cell_model.h"
#include "worker/measure/phase_reporter.h"
#include "worker/measure/warm_up.h"
#include "worker/memory/cpu_allocator.h"
#include "worker/support.h"
#include "worker/trace/chrome_trace.h"
#include "worker/trace/span_recorder.h"
#include "worker/trace/span_tree.h"
#include "worker/trace/traced_phases.h"
#include "worker/training_run.h"

namespace worker {
namespace {

void refuse_unsupported(const harness::Cell& cell) {
  const auto status = device_status(cell.device.kind);
  const auto reason = status.available ? unplannable_reason(cell) : status.reason;
  if (!reason.empty()) throw std::runtime_error(reason);
  if (cell.device.kind != "cpu") throw std::runtime_error("steps are traced on the CPU alone");
}

Spans record_step(const harness::Cell& cell, const model::Registry& registry,
                  CpuAllocator& allocator) {
  SpanRecorder recorder;
  TracedPhases phases(recorder, allocator.ledger());
  PhaseReporter reporter(phases);
  const RunPlace place{at::kCPU, PlannedDevice::kCpu, cell.accumulation_steps()};
  TrainingRun training(cell, registry, place, reporter);
  // The first step of all makes the optimizer's state.
  const auto warmup = static_cast<uint64_t>(std::max<int64_t>(cell.measure.warmup_steps, 1));
  for (uint64_t number = 0; number < warmup; ++number) training.step(number);
  recorder.start();
  phases.begin();
  const auto step = recorder.open(SpanKind::kStep, "step");
  training.step(warmup);
  phases.end();
  recorder.close(step);
  return recorder.stop();
}

double seconds_of_step(const Spans& spans) {
  const auto step = std::find_if(spans.begin(), spans.end(),
                                 [](const Span& span) { return span.kind == SpanKind::kStep; });
  return static_cast<double>(step->end_ns - step->begin_ns) * 1e-9;
}

}  // namespace

harness::StepTrace trace_cell(const serve::TraceRequest& request, const model::Registry& registry,
                              const MeasurePeaks& measure_peaks) {
  const auto& cell = request.cell;
  refuse_unsupported(cell);
  harness::StepTrace trace;
  trace.threads = resolved_threads(cell.measure);
  at::set_num_threads(static_cast<int>(trace.threads));
  auto& allocator = CpuAllocator::instance();
  allocator.begin_run({});
  warm_up_libraries(at::kCPU);
  allocator.begin_run({.limit_bytes = cell.device.usable_bytes(), .poison = false});
  auto spans = record_step(cell, registry, allocator);
  allocator.trim();
  count_once(spans);
  add_backward_layers(spans);
  trace.step_seconds = seconds_of_step(spans);
  trace.operators = operator_table(spans);
  trace.peaks = measure_peaks(trace.threads);
  write_trace(request.file, chrome_trace(spans, {{"cell", cell},
                                                 {"step_seconds", trace.step_seconds},
                                                 {"threads", trace.threads},
                                                 {"peaks", trace.peaks}}));
  return trace;
}

}  // namespace worker
