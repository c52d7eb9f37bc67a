#pragma once

#include <cstdint>
#include <string>

#include "worker/trace/activity.h"
#include "worker/trace/span.h"

namespace worker {

// Numbers of the spans of made_up_step().
inline constexpr uint64_t kStepSpan = 1;
inline constexpr uint64_t kForwardSpan = 2;
inline constexpr uint64_t kLayerSpan = 3;
inline constexpr uint64_t kProductSpan = 4;  ///< of 600 FLOPs and 70 bytes; calls kInnerSpan
inline constexpr uint64_t kInnerSpan = 5;
inline constexpr uint64_t kAddSpan = 6;  ///< of 30 bytes
inline constexpr uint64_t kBackwardSpan = 7;
inline constexpr uint64_t kNodeSpan = 8;  ///< on another thread, in "layer 0 backward"
inline constexpr uint64_t kAddAgainSpan = 9;

/// The host's part of a step that launches work on a device: a forward pass of a layer with a
/// product, which calls an operator that launches for it, and a sum; a backward pass of one node on
/// a thread of its own with another sum.
inline Spans made_up_step() {
  Spans spans;
  const auto add = [&](uint64_t id, const std::string& name, SpanKind kind, int64_t begin,
                       int64_t end, std::ptrdiff_t parent, uint64_t thread) {
    Span span;
    span.id = id;
    span.name = name;
    span.kind = kind;
    span.begin_ns = begin;
    span.end_ns = end;
    span.parent = parent;
    span.thread = thread;
    if (kind == SpanKind::kOperator) span.precision = "bf16";
    spans.push_back(span);
  };
  add(kStepSpan, "step", SpanKind::kStep, 0, 1000, kNoParent, 1);
  add(kForwardSpan, "forward", SpanKind::kPhase, 0, 400, 0, 1);
  add(kLayerSpan, "layer 0", SpanKind::kLayer, 50, 350, 1, 1);
  add(kProductSpan, "product", SpanKind::kOperator, 100, 200, 2, 1);
  add(kInnerSpan, "inner", SpanKind::kOperator, 110, 190, 3, 1);
  add(kAddSpan, "add", SpanKind::kOperator, 210, 300, 2, 1);
  add(kBackwardSpan, "backward", SpanKind::kPhase, 400, 900, 0, 1);
  add(0, "layer 0 backward", SpanKind::kLayer, 500, 700, kNoParent, 2);
  add(kNodeSpan, "AddBackward0", SpanKind::kNode, 500, 700, 7, 2);
  add(kAddAgainSpan, "add", SpanKind::kOperator, 510, 600, 8, 2);
  spans[3].flops = 600;
  spans[3].bytes = 70;
  spans[3].shapes = "[2, 3]";
  spans[5].bytes = 30;
  spans[8].sequence = 12;
  spans[9].bytes = 30;
  return spans;
}

inline Activity made_up_activity(const std::string& name, int64_t begin, int64_t end,
                                 uint64_t launcher, uint32_t stream = 7) {
  Activity activity;
  activity.name = name;
  activity.begin_ns = begin;
  activity.end_ns = end;
  activity.launcher = launcher;
  activity.stream = stream;
  return activity;
}

}  // namespace worker
