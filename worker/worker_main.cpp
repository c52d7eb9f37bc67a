#include "worker/worker_main.h"

#include <stdexcept>

#include <c10/util/Exception.h>

#include "harness/protocol/cell.h"
#include "harness/protocol/record.h"
#include "serve/serve.h"
#include "worker/check/check_cell.h"
#include "worker/check/check_reference.h"
#include "worker/device/devices.h"
#include "worker/measure/error_line.h"
#include "worker/measure/measure_cell.h"
#include "worker/memory/cpu_allocator.h"
#include "worker/plan/plan_cell.h"
#include "worker/trace/trace_cell.h"

namespace worker {
namespace {

/// The error to report of one of LibTorch: without its backtrace, or what it is a consequence of.
std::runtime_error reported(const c10::Error& error) {
  const auto fault = fault_of_devices();
  return std::runtime_error(fault.empty() ? error_line(error.what_without_backtrace()) : fault);
}

/// `answer` as a line of JSON, with our allocator in place before the first tensor.
template <typename Answer>
auto as_line(Answer answer) {
  return [answer](const auto& request) {
    CpuAllocator::instance();
    try {
      return nlohmann::json(answer(request)).dump();
    } catch (const c10::Error& error) {
      throw reported(error);
    }
  };
}

}  // namespace

int worker_main(int argc, char** argv, const WorkerContext& context) {
  const CellData data;
  const auto measure = [&](const serve::MeasureRequest& request) {
    auto record = measure_cell(request, context.registry);
    record.environment.update(context.environment);
    return record;
  };
  const auto check = [&](const harness::Cell& cell) {
    return check_cell(cell, context.registry, context.reference);
  };
  const auto trace = [&](const serve::TraceRequest& request) {
    return trace_cell(request, context.registry, context.measure_peaks);
  };
  const auto reference = [&](const serve::ReferenceRequest& request) {
    return write_reference(request, context.registry, context.reference);
  };
  const auto plan = [&](const std::vector<harness::Cell>& cells) {
    return reply_to_plan_request(cells, context.registry, data);
  };
  return serve::serve("bench_worker", {argv + 1, argv + argc},
                      {.measure = as_line(measure),
                       .check = as_line(check),
                       .trace = as_line(trace),
                       .reference = as_line(reference),
                       .plan = as_line(plan),
                       .spent = [] { return !fault_of_devices().empty(); }});
}

}  // namespace worker
