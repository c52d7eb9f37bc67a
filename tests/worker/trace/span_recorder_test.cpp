#include "worker/trace/span_recorder.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "worker/trace/span_tree.h"

namespace worker {
namespace {

std::vector<Span> named(const Spans& spans, const std::string& name) {
  std::vector<Span> found;
  std::copy_if(spans.begin(), spans.end(), std::back_inserter(found),
               [&](const Span& span) { return span.name == name; });
  return found;
}

std::string parent_name(const Spans& spans, const Span& span) {
  return span.parent == kNoParent ? "" : spans[static_cast<size_t>(span.parent)].name;
}

TEST(SpanRecorder, records_operators_with_their_work) {
  const at::Tensor a = at::ones({3, 4});
  const at::Tensor b = at::ones({4, 5});
  SpanRecorder recorder;
  recorder.start();
  at::mm(a, b);
  const auto spans = recorder.stop();
  const auto products = named(spans, "aten::mm");
  ASSERT_EQ(products.size(), 1U);
  EXPECT_EQ(products[0].flops, 2 * 3 * 4 * 5);
  EXPECT_EQ(products[0].bytes, 4 * (3 * 4 + 4 * 5 + 3 * 5));
  EXPECT_EQ(products[0].precision, "fp32");
  EXPECT_EQ(products[0].shapes, "[3, 4] [4, 5]");
  EXPECT_EQ(products[0].parent, kNoParent);
  EXPECT_GT(products[0].end_ns, products[0].begin_ns);
}

TEST(SpanRecorder, an_operator_inside_another_is_its_child_and_counted_once) {
  const at::Tensor input = at::ones({3, 4});
  const at::Tensor weight = at::ones({5, 4});
  const at::Tensor bias = at::ones({5});
  SpanRecorder recorder;
  recorder.start();
  at::linear(input, weight, bias);
  auto spans = recorder.stop();
  count_once(spans);
  EXPECT_EQ(parent_name(spans, named(spans, "aten::addmm").at(0)), "aten::linear");
  EXPECT_EQ(named(spans, "aten::linear").at(0).bytes, 0);
  int64_t flops = 0;
  for (const Span& span : spans) flops += span.flops;
  EXPECT_EQ(flops, 2 * 3 * 4 * 5);
}

TEST(SpanRecorder, views_and_allocations_move_nothing) {
  const at::Tensor input = at::ones({3, 4});
  SpanRecorder recorder;
  recorder.start();
  input.view({12}).narrow(0, 1, 3).t();
  at::empty({1000});
  const auto spans = recorder.stop();
  EXPECT_GE(spans.size(), 4U);
  for (const Span& span : spans) EXPECT_EQ(span.bytes, 0) << span.name;
}

TEST(SpanRecorder, an_operator_of_our_own_announces_its_flops) {
  const at::Tensor a = at::ones({3, 4});
  SpanRecorder recorder;
  recorder.start();
  {
    at::RecordFunction guard(at::RecordScope::FUNCTION);
    ASSERT_TRUE(guard.isActive());
    const std::vector<c10::IValue> inputs = {a};
    const std::unordered_map<std::string, c10::IValue> keywords = {{"flops", 77}};
    guard.before(std::string_view("own::product"), &inputs, &keywords);
  }
  const auto spans = recorder.stop();
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].name, "own::product");
  EXPECT_EQ(spans[0].flops, 77);
  EXPECT_EQ(spans[0].bytes, 48);
}

TEST(SpanRecorder, the_nodes_of_a_layer_are_its_backward) {
  const at::Tensor weight = at::ones({4, 4}).requires_grad_(true);
  const at::Tensor input = at::ones({3, 4});
  SpanRecorder recorder;
  recorder.start();
  at::Tensor hidden = input;
  for (const char* const layer : {"layer 0", "layer 1"}) {
    RECORD_USER_SCOPE(layer);
    hidden = at::tanh(at::mm(hidden, weight));
  }
  hidden.sum().backward();
  auto spans = recorder.stop();
  add_backward_layers(spans);
  std::vector<std::string> layers;
  for (const Span& span : spans) {
    if (span.kind == SpanKind::kLayer) layers.push_back(span.name);
    if (span.parent != kNoParent) {
      const Span& parent = spans[static_cast<size_t>(span.parent)];
      EXPECT_LE(parent.begin_ns, span.begin_ns) << span.name;
      EXPECT_GE(parent.end_ns, span.end_ns) << span.name;
    }
  }
  EXPECT_EQ(layers, (std::vector<std::string>{"layer 0", "layer 1", "layer 1 backward",
                                              "layer 0 backward"}));
  EXPECT_EQ(parent_name(spans, named(spans, "SumBackward0").at(0)), "");
  EXPECT_EQ(parent_name(spans, named(spans, "TanhBackward0").at(0)), "layer 1 backward");
  EXPECT_EQ(parent_name(spans, named(spans, "TanhBackward0").at(1)), "layer 0 backward");
  EXPECT_EQ(parent_name(spans, named(spans, "MmBackward0").at(1)), "layer 0 backward");
}

TEST(SpanRecorder, every_thread_has_its_own_nest) {
  SpanRecorder recorder;
  recorder.start();
  const auto step = recorder.open(SpanKind::kStep, "step");
  std::thread([] { at::tanh(at::ones({2})); }).join();
  at::tanh(at::ones({2}));
  recorder.close(step);
  const auto spans = recorder.stop();
  const auto calls = named(spans, "aten::tanh");
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_NE(calls[0].thread, calls[1].thread);
  EXPECT_EQ(parent_name(spans, calls[0]), "");
  EXPECT_EQ(parent_name(spans, calls[1]), "step");
}

/// Notes what it is told, by thread.
class Notes final : public SpanListener {
 public:
  void began(uint64_t id) override {
    const std::lock_guard lock(mutex_);
    open_[std::this_thread::get_id()].push_back(id);
    parents_[id] = open_[std::this_thread::get_id()];
  }
  void ended() override {
    const std::lock_guard lock(mutex_);
    open_[std::this_thread::get_id()].pop_back();
  }

  size_t open() const {
    size_t count = 0;
    for (const auto& [thread, ids] : open_) count += ids.size();
    return count;
  }
  /// The spans that were open when `id` began, itself last.
  const std::vector<uint64_t>& around(uint64_t id) const { return parents_.at(id); }

 private:
  std::mutex mutex_;
  std::map<std::thread::id, std::vector<uint64_t>> open_;
  std::map<uint64_t, std::vector<uint64_t>> parents_;
};

TEST(SpanRecorder, tells_a_listener_of_every_span_by_its_number_on_its_thread) {
  Notes notes;
  SpanRecorder recorder(&notes);
  recorder.start();
  const auto step = recorder.open(SpanKind::kStep, "step");
  at::linear(at::ones({3, 4}), at::ones({5, 4}), at::ones({5}));
  std::thread([] { at::tanh(at::ones({2})); }).join();
  recorder.close(step);
  auto spans = recorder.stop();
  EXPECT_EQ(notes.open(), 0U);
  std::map<uint64_t, std::string> names;
  for (const Span& span : spans) EXPECT_TRUE(names.emplace(span.id, span.name).second);
  EXPECT_FALSE(names.contains(0));
  const auto names_around = [&](const std::string& name) {
    std::vector<std::string> around;
    for (const uint64_t id : notes.around(named(spans, name).at(0).id)) {
      around.push_back(names.at(id));
    }
    return around;
  };
  EXPECT_EQ(names_around("aten::addmm"),
            (std::vector<std::string>{"step", "aten::linear", "aten::addmm"}));
  EXPECT_EQ(names_around("aten::tanh"), std::vector<std::string>{"aten::tanh"});
}

TEST(SpanRecorder, a_listener_hears_of_the_end_of_what_throws) {
  Notes notes;
  SpanRecorder recorder(&notes);
  recorder.start();
  EXPECT_THROW(at::mm(at::ones({3, 4}), at::ones({3, 4})), c10::Error);
  EXPECT_FALSE(recorder.stop().empty());
  EXPECT_EQ(notes.open(), 0U);
}

TEST(SpanRecorder, what_is_made_afterwards_has_no_number) {
  const at::Tensor weight = at::ones({4, 4}).requires_grad_(true);
  SpanRecorder recorder;
  recorder.start();
  at::Tensor hidden;
  {
    RECORD_USER_SCOPE("layer 0");
    hidden = at::mm(at::ones({3, 4}), weight);
  }
  hidden.sum().backward();
  auto spans = recorder.stop();
  add_backward_layers(spans);
  EXPECT_EQ(named(spans, "layer 0 backward").at(0).id, 0U);
  std::set<uint64_t> ids;
  for (const Span& span : spans) ids.insert(span.id);
  EXPECT_EQ(ids.size(), spans.size()) << "each has its own";
}

TEST(SpanRecorder, records_between_start_and_stop_alone) {
  SpanRecorder recorder;
  at::ones({2}).sum();
  recorder.start();
  EXPECT_THROW(SpanRecorder().start(), std::logic_error);
  EXPECT_TRUE(recorder.stop().empty());
  at::ones({2}).sum();
  recorder.start();
  EXPECT_TRUE(recorder.stop().empty());
}

}  // namespace
}  // namespace worker
