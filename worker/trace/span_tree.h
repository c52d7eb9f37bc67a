#pragma once

#include <string>
#include <vector>

#include "harness/protocol/step_trace.h"
#include "worker/trace/span.h"

namespace worker {

/// Counts every FLOP and byte once: FLOPs at the outermost operator that has them; bytes where an
/// operator moves more than those that it calls, and all of those that have FLOPs.
void count_once(Spans& spans);

/// Puts a layer's nodes of the backward pass under a span of their own, "<layer> backward": each
/// run of neighbours that belong to one layer by their sequence numbers, with the nodes without a
/// number that follow (they add up parameters' gradients).
void add_backward_layers(Spans& spans);

/// Those of one kind, in their order.
Spans of_kind(const Spans& spans, SpanKind kind);

/// The phase that a span began in, by time, on whatever thread; empty outside of all `phases`.
std::string phase_of(const Spans& phases, const Span& span);

/// Whether a span says where in a step something is, and not what.
bool is_structure(const Span& span);

/// One row for each operator, phase and precision, and kOutsideOperators for what steps, phases and
/// layers spend outside of operators and nodes; the self times of one thread add up to the step.
std::vector<harness::OperatorTime> operator_table(const Spans& spans);

}  // namespace worker
