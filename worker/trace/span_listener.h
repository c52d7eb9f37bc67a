#pragma once

#include <cstdint>

namespace worker {

/// Told of the spans that a SpanRecorder records, each on its own thread, where they nest. Must not
/// throw.
class SpanListener {
 public:
  SpanListener() = default;
  SpanListener(const SpanListener&) = delete;
  SpanListener& operator=(const SpanListener&) = delete;
  virtual ~SpanListener() = default;

  /// `id` is the span's Span::id.
  virtual void began(uint64_t id) = 0;
  /// The span of this thread that began last and has not ended yet.
  virtual void ended() = 0;
};

}  // namespace worker
