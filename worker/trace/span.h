#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace worker {

enum class SpanKind {
  kStep,
  kPhase,     ///< forward, backward, optimizer
  kLayer,     ///< a part of the model
  kNode,      ///< a node of the autograd graph, in backward
  kOperator,  ///< of LibTorch, or one that announces itself as one
};

inline constexpr std::ptrdiff_t kNoParent = -1;

/// A stretch of one thread's time. Spans of a thread nest or are apart.
struct Span {
  std::string name;
  SpanKind kind = SpanKind::kOperator;
  uint64_t id = 0;       ///< by which activities name it; 0 of what was not recorded as it happened
  uint64_t thread = 0;   ///< LibTorch's logical number
  int64_t begin_ns = 0;  ///< of the monotonic clock
  int64_t end_ns = 0;
  std::ptrdiff_t parent = kNoParent;  ///< index of the innermost span around it on its thread

  // Of operators; see operator_cost.h.
  std::string precision;
  std::string shapes;
  int64_t flops = 0;
  int64_t bytes = 0;

  /// kNode: the autograd sequence number of the operator it is the gradient of; -1 without
  /// one. kLayer: the first number of what the layer recorded; its last is before `sequence_end`.
  int64_t sequence = -1;
  int64_t sequence_end = -1;
};

/// Spans in the order in which they began: a parent comes before its children.
using Spans = std::vector<Span>;

}  // namespace worker
