#include "worker/trace/launchers.h"

#include "worker/trace/span_tree.h"

namespace worker {

Launchers::Launchers(const Spans& spans)
    : spans_(spans), phases_(of_kind(spans, SpanKind::kPhase)) {
  for (const Span& span : spans) {
    if (span.id != 0) by_id_.emplace(span.id, &span);
  }
}

LaunchPlace Launchers::place_of(const Activity& activity) const {
  LaunchPlace place;
  const auto launcher = by_id_.find(activity.launcher);
  if (launcher == by_id_.end()) return place;
  const Span* span = launcher->second;
  place.phase = phase_of(phases_, *span);
  while (true) {
    if (!is_structure(*span) && (place.owner == nullptr || span->flops > 0)) place.owner = span;
    if (span->kind == SpanKind::kNode && place.node == nullptr) place.node = span;
    if (span->kind == SpanKind::kLayer && place.layer == nullptr) place.layer = span;
    if (span->parent == kNoParent) return place;
    span = &spans_[static_cast<size_t>(span->parent)];
  }
}

}  // namespace worker
