#include "worker/trace/span_tree.h"

#include <gtest/gtest.h>

namespace worker {
namespace {

Span make_span(const std::string& name, SpanKind kind, int64_t begin, int64_t end,
               std::ptrdiff_t parent) {
  Span span;
  span.name = name;
  span.kind = kind;
  span.begin_ns = begin;
  span.end_ns = end;
  span.parent = parent;
  return span;
}

/// A step of 100 ns: forward of 60 with a layer of 50, in it an operator of 30 that calls one of
/// 10, and the same operator again for 5; then an optimizer of 20 that it fills.
Spans sample_spans() {
  Spans spans = {make_span("step", SpanKind::kStep, 0, 100, kNoParent),
                 make_span("forward", SpanKind::kPhase, 10, 70, 0),
                 make_span("layer 0", SpanKind::kLayer, 15, 65, 1),
                 make_span("outer", SpanKind::kOperator, 20, 50, 2),
                 make_span("inner", SpanKind::kOperator, 30, 40, 3),
                 make_span("inner", SpanKind::kOperator, 55, 60, 2),
                 make_span("optimizer", SpanKind::kPhase, 75, 95, 0),
                 make_span("outer", SpanKind::kOperator, 75, 95, 6)};
  return spans;
}

const harness::OperatorTime& row(const std::vector<harness::OperatorTime>& table,
                                 const std::string& name, const std::string& phase) {
  for (const auto& time : table) {
    if (time.name == name && time.phase == phase) return time;
  }
  throw std::out_of_range(name + " in " + phase);
}

TEST(SpanTree, times_are_without_what_is_inside) {
  const auto table = operator_table(sample_spans());
  EXPECT_EQ(table.size(), 6U);
  EXPECT_DOUBLE_EQ(row(table, "outer", "forward").self_seconds, 20e-9);
  EXPECT_EQ(row(table, "outer", "forward").calls, 1);
  EXPECT_DOUBLE_EQ(row(table, "inner", "forward").self_seconds, 15e-9);
  EXPECT_EQ(row(table, "inner", "forward").calls, 2);
  EXPECT_DOUBLE_EQ(row(table, "outer", "optimizer").self_seconds, 20e-9);
  // Of the phase 10, of the layer 15.
  EXPECT_DOUBLE_EQ(row(table, harness::kOutsideOperators, "forward").self_seconds, 25e-9);
  EXPECT_DOUBLE_EQ(row(table, harness::kOutsideOperators, "optimizer").self_seconds, 0);
  EXPECT_DOUBLE_EQ(row(table, harness::kOutsideOperators, "").self_seconds, 20e-9);
  double total = 0;
  for (const auto& time : table) total += time.self_seconds;
  EXPECT_DOUBLE_EQ(total, 100e-9);
}

TEST(SpanTree, flops_count_at_the_outermost_product) {
  auto spans = sample_spans();
  spans[3].flops = 100;
  spans[4].flops = 100;
  spans[5].flops = 7;
  count_once(spans);
  EXPECT_EQ(spans[3].flops, 100);
  EXPECT_EQ(spans[4].flops, 0);
  EXPECT_EQ(spans[5].flops, 7);
}

TEST(SpanTree, bytes_count_beyond_those_of_what_is_inside_but_for_products) {
  auto spans = sample_spans();
  spans[3].bytes = 100;
  spans[4].bytes = 40;
  count_once(spans);
  EXPECT_EQ(spans[3].bytes, 60);
  EXPECT_EQ(spans[4].bytes, 40);
  spans[3].bytes = 30;
  count_once(spans);
  EXPECT_EQ(spans[3].bytes, 0);
  spans[3].bytes = 30;
  spans[3].flops = 1;
  count_once(spans);
  EXPECT_EQ(spans[3].bytes, 30);
}

TEST(SpanTree, an_operator_of_another_thread_has_the_phase_of_its_time) {
  auto spans = sample_spans();
  Span other = make_span("inner", SpanKind::kOperator, 80, 90, kNoParent);
  other.thread = 2;
  spans.push_back(other);
  EXPECT_EQ(row(operator_table(spans), "inner", "optimizer").calls, 1);
}

TEST(SpanTree, a_backward_layer_covers_neighbours_and_the_sums_after_them) {
  Spans spans = {make_span("a", SpanKind::kLayer, 0, 10, kNoParent),
                 make_span("b", SpanKind::kLayer, 10, 20, kNoParent)};
  spans[0].sequence = 5;
  spans[0].sequence_end = 7;
  spans[1].sequence = 7;
  spans[1].sequence_end = 8;
  int64_t time = 30;
  for (const int64_t sequence : {9, 7, -1, 6, 5, -1}) {
    Span node = make_span("node", SpanKind::kNode, time, time + 8, kNoParent);
    node.sequence = sequence;
    spans.push_back(node);
    time += 10;
  }
  add_backward_layers(spans);
  std::vector<std::string> names;
  for (const Span& span : spans) names.push_back(span.name);
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "node", "b backward", "node", "node",
                                             "a backward", "node", "node", "node"}));
  EXPECT_EQ(spans[3].begin_ns, 40);
  EXPECT_EQ(spans[3].end_ns, 58);
  EXPECT_EQ(spans[6].begin_ns, 60);
  EXPECT_EQ(spans[6].end_ns, 88);
  EXPECT_EQ(spans[2].parent, kNoParent);
  EXPECT_EQ(spans[5].parent, 3);
  EXPECT_EQ(spans[9].parent, 6);
}

}  // namespace
}  // namespace worker
