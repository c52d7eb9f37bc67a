#include "worker/trace/span_tree.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace worker {
namespace {

Span& at(Spans& spans, std::ptrdiff_t index) {
  return spans[static_cast<size_t>(index)];
}

/// The layer whose numbers hold `sequence`; nullptr where none's do.
const Span* layer_of(const Spans& layers, int64_t sequence) {
  const auto found = std::find_if(layers.begin(), layers.end(), [&](const Span& layer) {
    return sequence >= layer.sequence && sequence < layer.sequence_end;
  });
  return found == layers.end() ? nullptr : &*found;
}

/// Back to the order in which they began, an outer span before an inner one.
void sort_spans(Spans& spans) {
  std::vector<size_t> order(spans.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const auto key = [&](size_t i) {
      return std::tuple(spans[i].begin_ns, -spans[i].end_ns, spans[i].kind);
    };
    return key(a) < key(b);
  });
  std::vector<std::ptrdiff_t> place(spans.size());
  for (size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<std::ptrdiff_t>(i);
  Spans sorted;
  sorted.reserve(spans.size());
  for (const size_t i : order) {
    Span& span = sorted.emplace_back(std::move(spans[i]));
    if (span.parent != kNoParent) span.parent = place[static_cast<size_t>(span.parent)];
  }
  spans = std::move(sorted);
}

}  // namespace

bool is_structure(const Span& span) {
  return span.kind == SpanKind::kStep || span.kind == SpanKind::kPhase ||
         span.kind == SpanKind::kLayer;
}

std::string phase_of(const Spans& phases, const Span& span) {
  if (span.kind == SpanKind::kPhase) return span.name;
  for (const Span& phase : phases) {
    if (span.begin_ns >= phase.begin_ns && span.begin_ns < phase.end_ns) return phase.name;
  }
  return {};
}

Spans of_kind(const Spans& spans, SpanKind kind) {
  Spans result;
  std::copy_if(spans.begin(), spans.end(), std::back_inserter(result),
               [&](const Span& span) { return span.kind == kind; });
  return result;
}

void count_once(Spans& spans) {
  std::vector<bool> in_product(spans.size());
  for (size_t i = 0; i < spans.size(); ++i) {
    const auto parent = static_cast<size_t>(spans[i].parent);
    if (spans[i].parent == kNoParent) continue;
    in_product[i] = in_product[parent] || spans[parent].flops > 0;
    if (in_product[i]) spans[i].flops = 0;
  }
  std::vector<int64_t> inner_bytes(spans.size());
  for (size_t i = spans.size(); i-- > 0;) {
    if (spans[i].flops == 0) spans[i].bytes = std::max<int64_t>(0, spans[i].bytes - inner_bytes[i]);
    if (spans[i].parent != kNoParent) {
      inner_bytes[static_cast<size_t>(spans[i].parent)] += spans[i].bytes + inner_bytes[i];
    }
  }
}

void add_backward_layers(Spans& spans) {
  const Spans layers = of_kind(spans, SpanKind::kLayer);
  struct Run {
    const Span* layer = nullptr;
    std::ptrdiff_t span = kNoParent;
  };
  std::map<std::pair<uint64_t, std::ptrdiff_t>, Run> runs;  // by thread and parent
  const auto count = static_cast<std::ptrdiff_t>(spans.size());
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    if (at(spans, i).kind != SpanKind::kNode) continue;
    Run& run = runs[{at(spans, i).thread, at(spans, i).parent}];
    const int64_t sequence = at(spans, i).sequence;
    const Span* const layer = sequence < 0 ? run.layer : layer_of(layers, sequence);
    if (layer != nullptr && layer != run.layer) {
      Span over = at(spans, i);
      over.name = layer->name + " backward";
      over.kind = SpanKind::kLayer;
      over.id = 0;
      spans.push_back(std::move(over));
      run.span = static_cast<std::ptrdiff_t>(spans.size()) - 1;
    }
    run.layer = layer;
    if (layer == nullptr) continue;
    at(spans, i).parent = run.span;
    at(spans, run.span).end_ns = at(spans, i).end_ns;
  }
  sort_spans(spans);
}

std::vector<harness::OperatorTime> operator_table(const Spans& spans) {
  std::vector<int64_t> self_ns;
  for (const Span& span : spans) self_ns.push_back(span.end_ns - span.begin_ns);
  for (const Span& span : spans) {
    if (span.parent == kNoParent) continue;
    self_ns[static_cast<size_t>(span.parent)] -= span.end_ns - span.begin_ns;
  }
  const Spans phases = of_kind(spans, SpanKind::kPhase);
  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, harness::OperatorTime> rows;
  std::map<Key, int64_t> times_ns;
  for (size_t i = 0; i < spans.size(); ++i) {
    const Span& span = spans[i];
    const std::string name = is_structure(span) ? harness::kOutsideOperators : span.name;
    const Key key(name, phase_of(phases, span), span.precision);
    harness::OperatorTime& row = rows[key];
    std::tie(row.name, row.phase, row.precision) = key;
    ++row.calls;
    row.flops += span.flops;
    row.bytes += span.bytes;
    times_ns[key] += self_ns[i];
  }
  std::vector<harness::OperatorTime> table;
  for (auto& [key, row] : rows) {
    row.self_seconds = static_cast<double>(times_ns[key]) * 1e-9;
    table.push_back(std::move(row));
  }
  return table;
}

}  // namespace worker
