#include "worker/trace/chrome_trace.h"

#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "files/atomic_file.h"
#include "worker/trace/device_events.h"
#include "worker/trace/trace_events.h"

namespace worker {
namespace {

const char* category(SpanKind kind) {
  switch (kind) {
    case SpanKind::kStep:
      return "step";
    case SpanKind::kPhase:
      return "phase";
    case SpanKind::kLayer:
      return "layer";
    case SpanKind::kNode:
      return "autograd";
    case SpanKind::kOperator:
      return "operator";
  }
  return "";
}

nlohmann::json arguments_of(const Span& span) {
  auto arguments = nlohmann::json::object();
  if (span.kind == SpanKind::kNode) arguments["sequence"] = span.sequence;
  if (span.kind != SpanKind::kOperator) return arguments;
  arguments["inputs"] = span.shapes;
  if (!span.precision.empty()) arguments["precision"] = span.precision;
  if (span.flops > 0) arguments["flops"] = span.flops;
  if (span.bytes > 0) arguments["bytes"] = span.bytes;
  return arguments;
}

}  // namespace

nlohmann::json chrome_trace(const Spans& spans, const Activities& activities,
                            const nlohmann::json& metadata) {
  auto events = nlohmann::json::array();
  const int64_t start = spans.empty() ? 0 : spans.front().begin_ns;
  std::set<uint64_t> threads;
  for (const Span& span : spans) {
    if (threads.insert(span.thread).second) {
      const bool first = threads.size() == 1;
      events.push_back(
          name_event("thread_name", kHostProcess, span.thread,
                     first ? "training step" : fmt::format("LibTorch thread {}", span.thread)));
    }
    events.push_back({{"ph", "X"},
                      {"name", span.name},
                      {"cat", category(span.kind)},
                      {"pid", kHostProcess},
                      {"tid", span.thread},
                      {"ts", microseconds(span.begin_ns - start)},
                      {"dur", microseconds(span.end_ns - span.begin_ns)},
                      {"args", arguments_of(span)}});
  }
  events.push_back(name_event("process_name", kHostProcess, 0, "bench_worker"));
  for (auto& event : device_events(spans, activities, start)) events.push_back(std::move(event));
  return {{"traceEvents", std::move(events)}, {"displayTimeUnit", "ms"}, {"otherData", metadata}};
}

void write_trace(const std::filesystem::path& file, const nlohmann::json& trace) {
  // Names of operators are ASCII; what is not valid UTF-8 must not cost the trace.
  const std::string text =
      trace.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  try {
    files::AtomicFile out(file);
    out.write(std::as_bytes(std::span(text)));
    out.commit();
  } catch (const std::system_error& error) {
    throw std::runtime_error(
        fmt::format("cannot write the trace {}: {}", file.string(), error.code().message()));
  }
}

}  // namespace worker
