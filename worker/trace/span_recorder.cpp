#include "worker/trace/span_recorder.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include <ATen/SequenceNumber.h>

#include "worker/trace/announced.h"
#include "worker/trace/operator_cost.h"

namespace worker {
namespace {

/// The callbacks are plain functions; this is where they find their recorder.
SpanRecorder* active = nullptr;

/// Spans of this thread that have not ended, the innermost last.
thread_local std::vector<std::ptrdiff_t> open_spans;

struct OpenSpan final : at::ObserverContext {
  explicit OpenSpan(std::ptrdiff_t index_in) : index(index_in) {}
  std::ptrdiff_t index;
};

int64_t now_ns() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

int64_t announced_flops(const at::RecordFunction& function) {
  const auto keywords = function.kwinputs();
  const auto found = keywords.find("flops");
  return found == keywords.end() ? product_flops(function.name(), function.inputs())
                                 : found->second.toInt();
}

Span describe(const at::RecordFunction& function) {
  Span span;
  span.name = name_of(function);
  span.kind = kind_of(function);
  if (span.kind == SpanKind::kLayer) {
    span.sequence = static_cast<int64_t>(at::sequence_number::peek());
  } else if (span.kind == SpanKind::kOperator) {
    span.precision = precision_of(function.inputs());
    span.shapes = shapes_of(function.inputs());
    span.flops = announced_flops(function);
    if (!moves_no_bytes(function)) span.bytes = bytes_read(span.name, function.inputs());
  }
  return span;
}

}  // namespace

SpanRecorder::~SpanRecorder() {
  if (active == this) stop();
}

void SpanRecorder::start() {
  if (active != nullptr) throw std::logic_error("another SpanRecorder records already");
  using at::RecordScope;
  active = this;
  spans_.clear();
  open_spans.clear();
  handle_ =
      at::addGlobalCallback(at::RecordFunctionCallback(&SpanRecorder::begin, &SpanRecorder::end)
                                .needsInputs(true)
                                .needsOutputs(true)
                                .scopes({RecordScope::FUNCTION, RecordScope::BACKWARD_FUNCTION,
                                         RecordScope::USER_SCOPE}));
}

Spans SpanRecorder::stop() {
  at::removeCallback(handle_);
  active = nullptr;
  return std::move(spans_);
}

std::ptrdiff_t SpanRecorder::open(SpanKind kind, const std::string& name) {
  Span span;
  span.name = name;
  span.kind = kind;
  return push(std::move(span));
}

void SpanRecorder::close(std::ptrdiff_t span) {
  const auto now = now_ns();
  if (listener_ != nullptr) listener_->ended();
  open_spans.pop_back();
  const std::lock_guard lock(mutex_);
  spans_[static_cast<size_t>(span)].end_ns = now;
}

std::ptrdiff_t SpanRecorder::push(Span span) {
  span.thread = at::RecordFunction::currentThreadId();
  span.parent = open_spans.empty() ? kNoParent : open_spans.back();
  std::ptrdiff_t index = 0;
  {
    const std::lock_guard lock(mutex_);
    index = static_cast<std::ptrdiff_t>(spans_.size());
    span.id = static_cast<uint64_t>(index) + 1;
    open_spans.push_back(index);
    spans_.push_back(std::move(span));
    spans_.back().begin_ns = now_ns();
  }
  if (listener_ != nullptr) listener_->began(static_cast<uint64_t>(index) + 1);
  return index;
}

void SpanRecorder::number_node(int64_t sequence) {
  if (open_spans.empty()) return;
  const std::lock_guard lock(mutex_);
  Span& span = spans_[static_cast<size_t>(open_spans.back())];
  if (span.kind == SpanKind::kNode) span.sequence = sequence;
}

std::unique_ptr<at::ObserverContext> SpanRecorder::begin(const at::RecordFunction& function) {
  if (function.scope() == at::RecordScope::BACKWARD_FUNCTION) {
    // The node itself, for whose evaluation a span is open already; only it knows its number.
    active->number_node(function.seqNr());
    return nullptr;
  }
  return std::make_unique<OpenSpan>(active->push(describe(function)));
}

void SpanRecorder::end(const at::RecordFunction& function, at::ObserverContext* context) {
  if (context == nullptr) return;
  const auto index = static_cast<OpenSpan*>(context)->index;
  active->close(index);
  const std::lock_guard lock(active->mutex_);
  Span& span = active->spans_[static_cast<size_t>(index)];
  const c10::ArrayRef<const c10::IValue> outputs(function.outputs().data(),
                                                 function.outputs().size());
  if (span.kind == SpanKind::kLayer) {
    span.sequence_end = static_cast<int64_t>(at::sequence_number::peek());
    return;
  }
  if (span.kind != SpanKind::kOperator) return;
  // Without tensors among its inputs an operator is described by what it leaves.
  if (span.shapes.empty()) {
    span.precision = precision_of(outputs);
    span.shapes = shapes_of(outputs);
  }
  if (!moves_no_bytes(function)) {
    span.bytes += bytes_written(span.name, outputs);
  }
}

}  // namespace worker
