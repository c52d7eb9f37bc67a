#include "worker/trace/trace_cell.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <ATen/Parallel.h>

#include "worker/cell_model.h"
#include "worker/device/devices.h"
#include "worker/measure/phase_reporter.h"
#include "worker/support.h"
#include "worker/trace/activity_recorder.h"
#include "worker/trace/chrome_trace.h"
#include "worker/trace/device_table.h"
#include "worker/trace/span_recorder.h"
#include "worker/trace/span_tree.h"
#include "worker/trace/traced_phases.h"
#include "worker/training_run.h"

namespace worker {
namespace {

struct Recording {
  Spans spans;
  std::optional<Activities> activities;  ///< none where operators are done when they return
};

Recording record_step(const harness::Cell& cell, const model::Registry& registry, Device& device) {
  const auto activities = device.activity_recorder();
  SpanRecorder recorder(activities.get());
  TracedPhases phases(recorder, device.ledger());
  PhaseReporter reporter(phases);
  const RunPlace place{device.torch_device(), device.kind(), cell.accumulation_steps()};
  TrainingRun training(cell, registry, place, reporter);
  // Queued kernel by kernel even where the cell plays a CUDA graph, whose kernels no operator
  // launches. The first step of all makes the optimizer's state.
  const auto warmup = static_cast<uint64_t>(std::max<int64_t>(cell.measure.warmup_steps, 1));
  for (uint64_t number = 0; number < warmup; ++number) training.step(number);
  if (activities) activities->start();
  recorder.start();
  phases.begin();
  const auto step = recorder.open(SpanKind::kStep, "step");
  training.step(warmup);
  phases.end();
  recorder.close(step);
  Recording recording{recorder.stop(), {}};
  if (activities) recording.activities = activities->stop();
  return recording;
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
  if (const auto reason = unsupported_reason(cell, registry); !reason.empty()) {
    throw std::runtime_error(reason);
  }
  harness::StepTrace trace;
  trace.threads = resolved_threads(cell.measure);
  at::set_num_threads(static_cast<int>(trace.threads));
  auto& device = device_of(cell.device.kind);
  device.warm_up(dtype_of(cell.precision));
  device.begin_run({.limit_bytes = cell.device.usable_bytes(), .poison = false});
  auto [spans, activities] = record_step(cell, registry, device);
  device.trim();
  count_once(spans);
  add_backward_layers(spans);
  const double host_seconds = seconds_of_step(spans);
  trace.step_seconds = activities ? device_seconds(*activities) : host_seconds;
  trace.operators = activities ? device_table(spans, *activities) : operator_table(spans);
  trace.peaks = measure_peaks(cell.device.kind, trace.threads);
  nlohmann::json metadata = {{"cell", cell},
                             {"step_seconds", trace.step_seconds},
                             {"threads", trace.threads},
                             {"peaks", trace.peaks}};
  if (cell.measure.cuda_graph) metadata["passes"] = "queued, not played from the cell's CUDA graph";
  if (activities) metadata["host_step_seconds"] = host_seconds;
  write_trace(request.file, chrome_trace(spans, activities.value_or(Activities()), metadata));
  return trace;
}

}  // namespace worker
