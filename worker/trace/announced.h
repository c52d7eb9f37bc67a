#pragma once

#include <string>
#include <string_view>

#include <ATen/record_function.h>

#include "worker/trace/span.h"

namespace worker {

/// The engine announces what it does for a node, the node within it, under the node's name.
inline constexpr std::string_view kNodePrefix = "autograd::engine::evaluate_function: ";

/// Of what LibTorch's RecordFunction announces as a function or a user's scope: operator, node or
/// layer.
inline SpanKind kind_of(const at::RecordFunction& function) {
  if (function.scope() == at::RecordScope::USER_SCOPE) return SpanKind::kLayer;
  return std::string_view(function.name()).starts_with(kNodePrefix) ? SpanKind::kNode
                                                                    : SpanKind::kOperator;
}

/// A node's name without what LibTorch puts before it; else the name as it is announced.
inline std::string name_of(const at::RecordFunction& function) {
  /// Of some nodes' names; the rest says enough.
  constexpr std::string_view kNodeNamespace = "torch::autograd::";
  std::string_view name = function.name();
  if (kind_of(function) == SpanKind::kNode) {
    name.remove_prefix(kNodePrefix.size());
    if (name.starts_with(kNodeNamespace)) name.remove_prefix(kNodeNamespace.size());
  }
  return std::string(name);
}

}  // namespace worker
