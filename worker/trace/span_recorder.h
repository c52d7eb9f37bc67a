#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include <ATen/record_function.h>

#include "worker/trace/span.h"
#include "worker/trace/span_listener.h"

namespace worker {

/// Records what LibTorch's RecordFunction announces, on every thread, from start() to stop(): each
/// operator, each node of the autograd graph, and scopes that code opens itself, which are layers.
/// An operator that announces its own FLOPs (the keyword input "flops") is believed; for LibTorch's
/// they follow from shapes. One recorder at a time records.
class SpanRecorder {
 public:
  /// `listener`, where there is one, must outlive this.
  explicit SpanRecorder(SpanListener* listener = nullptr) : listener_(listener) {}
  SpanRecorder(const SpanRecorder&) = delete;
  SpanRecorder& operator=(const SpanRecorder&) = delete;
  ~SpanRecorder();

  /// Throws std::logic_error where a recorder records already.
  void start();
  /// The spans since start(). All of them must have ended.
  Spans stop();

  /// A span of this thread that no RecordFunction announces.
  std::ptrdiff_t open(SpanKind kind, const std::string& name);
  void close(std::ptrdiff_t span);

 private:
  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function);
  static void end(const at::RecordFunction& function, at::ObserverContext* context);
  std::ptrdiff_t push(Span span);
  void number_node(int64_t sequence);

  SpanListener* listener_;
  std::mutex mutex_;
  Spans spans_;
  at::CallbackHandle handle_ = at::INVALID_CALLBACK_HANDLE;
};

}  // namespace worker
