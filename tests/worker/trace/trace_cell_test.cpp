#include "worker/trace/trace_cell.h"

#include <fstream>
#include <map>

#include <c10/util/Exception.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/registry.h"
#include "tests/worker/test_cells.h"

namespace worker {
namespace {

using nlohmann::json;

struct Traced {
  harness::StepTrace step;
  json document;
  std::vector<json> spans;  ///< the complete events, in the file's order
};

harness::MachinePeaks made_up_peaks(const std::string& device_kind, int64_t threads) {
  EXPECT_EQ(device_kind, "cpu");
  return {1e9 * static_cast<double>(threads), std::nullopt, std::nullopt, 1e10};
}

Traced trace_of(const harness::Cell& cell) {
  const auto file = std::filesystem::path(testing::TempDir()) /
                    ("trace_cell_" + std::to_string(::getpid()) + ".json");
  Traced traced;
  traced.step = trace_cell({cell, file}, apps::registry(), &made_up_peaks);
  std::ifstream in(file);
  traced.document = json::parse(in);
  for (const json& event : traced.document.at("traceEvents")) {
    if (event.at("ph") == "X") traced.spans.push_back(event);
  }
  std::filesystem::remove(file);
  return traced;
}

/// Names of the spans of a category, in order.
std::vector<std::string> names_of(const Traced& traced, const std::string& category) {
  std::vector<std::string> names;
  for (const json& span : traced.spans) {
    if (span.at("cat") == category) names.push_back(span.at("name"));
  }
  return names;
}

int64_t flops_of(const harness::StepTrace& step, const std::string& name,
                 const std::string& phase) {
  int64_t flops = 0;
  for (const auto& time : step.operators) {
    if (time.name == name && time.phase == phase) flops += time.flops;
  }
  return flops;
}

constexpr const char* kImplementations[] = {"pytorch_eager", "pytorch_tuned", "fused"};

TEST(TraceCell, every_phase_and_layer_appears_forward_and_backward) {
  for (const char* const name : kImplementations) {
    SCOPED_TRACE(name);
    auto cell = small_cell(name);
    cell.global_batch = 4;  // two micro-batches
    const auto traced = trace_of(cell);
    EXPECT_EQ(names_of(traced, "step"), std::vector<std::string>{"step"});
    EXPECT_EQ(names_of(traced, "phase"), (std::vector<std::string>{"forward", "backward", "forward",
                                                                   "backward", "optimizer"}));
    const std::vector<std::string> layers = {
        "embeddings",         "layer 0",          "layer 1",          "span head",
        "span head backward", "layer 1 backward", "layer 0 backward", "embeddings backward"};
    std::vector<std::string> twice = layers;
    twice.insert(twice.end(), layers.begin(), layers.end());
    EXPECT_EQ(names_of(traced, "layer"), twice);
  }
}

TEST(TraceCell, spans_of_a_thread_nest_or_are_apart) {
  auto checkpointed = small_cell("pytorch_eager");
  checkpointed.flags = {"activation_checkpoint"};
  for (const auto& cell : {small_cell("pytorch_tuned"), small_cell("fused"), checkpointed}) {
    const auto traced = trace_of(cell);
    EXPECT_GT(traced.spans.size(), 100U);
    std::map<int64_t, std::vector<std::pair<double, std::string>>> open;  // ends, by thread
    for (const json& span : traced.spans) {
      constexpr double kRounding = 1e-4;  // of microseconds; the clock counts in 1e-3
      const double begin = span.at("ts");
      const double end = begin + span.at("dur").get<double>();
      auto& stack = open[span.at("tid")];
      while (!stack.empty() && stack.back().first <= begin + kRounding) stack.pop_back();
      if (!stack.empty()) {
        EXPECT_LE(end, stack.back().first + kRounding)
            << span.at("name") << " in " << stack.back().second;
      }
      stack.emplace_back(end, span.at("name"));
    }
    EXPECT_EQ(open.size(), 1U) << "the CPU trains on one thread, and its kernels announce nothing";
  }
}

TEST(TraceCell, self_times_add_up_to_the_step) {
  for (const char* const name : kImplementations) {
    const auto traced = trace_of(small_cell(name));
    double total = 0;
    for (const auto& time : traced.step.operators) total += time.self_seconds;
    EXPECT_NEAR(total, traced.step.step_seconds, 1e-9 * traced.step.operators.size()) << name;
  }
}

TEST(TraceCell, flops_of_known_shapes_are_right_to_the_unit) {
  const auto cell = small_cell("pytorch_eager");
  const int64_t tokens = cell.micro_batch * cell.sequence_length;
  const int64_t hidden = cell.model.hidden;
  const int64_t dense = 2 * tokens * hidden * (4 * hidden + 2 * cell.model.intermediate);
  const int64_t dense_all = cell.model.layers * dense + 2 * tokens * hidden * 2;  // and span head
  const int64_t attention = cell.model.layers * 2 * (2 * tokens * cell.sequence_length * hidden);
  const int64_t token_types = 2 * tokens * cell.model.token_types * hidden;
  const auto step = trace_of(cell).step;
  EXPECT_EQ(flops_of(step, "aten::addmm", "forward"), dense_all);
  EXPECT_EQ(flops_of(step, "aten::mm", "forward"), token_types);
  EXPECT_EQ(flops_of(step, "aten::bmm", "forward"), attention);
  EXPECT_EQ(flops_of(step, "aten::mm", "backward"), 2 * dense_all + token_types);
  EXPECT_EQ(flops_of(step, "aten::bmm", "backward"), 2 * attention);
}

TEST(TraceCell, fused_kernels_announce_as_many_flops_as_pytorch_s_products_and_their_bytes) {
  const auto total = [](const harness::StepTrace& step) {
    int64_t flops = 0;
    for (const auto& time : step.operators) flops += time.flops;
    return flops;
  };
  const auto fused = trace_of(small_cell("fused")).step;
  EXPECT_EQ(total(fused), total(trace_of(small_cell("pytorch_eager")).step));
  int64_t kernels = 0;
  for (const auto& time : fused.operators) {
    if (!time.name.starts_with("fused::")) continue;
    ++kernels;
    EXPECT_GT(time.bytes, 0) << time.name;
    EXPECT_EQ(time.precision, "fp32") << time.name;
  }
  EXPECT_GT(kernels, 10);
}

TEST(TraceCell, flash_attention_counts_the_products_over_real_keys_and_no_recomputation) {
  auto cell = small_cell("fused");
  cell.flags = {"flash_attention"};
  const auto step = trace_of(cell).step;
  const int64_t forward = flops_of(step, "fused::flash_self_attention", "forward");
  const int64_t padded =
      cell.model.layers * 2 *
      (2 * cell.micro_batch * cell.sequence_length * cell.sequence_length * cell.model.hidden);
  EXPECT_GT(forward, 0);
  EXPECT_LT(forward, padded);  // the windows are shorter than the sequence
  EXPECT_EQ(flops_of(step, "fused::flash_self_attention_backward", "backward"), 2 * forward);
}

TEST(TraceCell, the_trace_says_what_was_traced_and_what_the_machine_can_do) {
  const auto cell = small_cell("fused");
  const auto traced = trace_of(cell);
  const json& metadata = traced.document.at("otherData");
  EXPECT_EQ(metadata.at("cell").get<harness::Cell>(), cell);
  EXPECT_EQ(metadata.at("peaks").at("fp32_flops_per_second"), 2e9);
  EXPECT_EQ(metadata.at("threads"), 2);
  EXPECT_EQ(traced.step.peaks, made_up_peaks("cpu", 2));
  EXPECT_EQ(traced.step.threads, 2);
  EXPECT_EQ(metadata.at("step_seconds"), traced.step.step_seconds);
  EXPECT_FALSE(metadata.contains("host_step_seconds")) << "the step is the host's";
  for (const json& event : traced.document.at("traceEvents")) EXPECT_EQ(event.at("pid"), 1);
}

TEST(TraceCell, what_does_not_run_here_is_thrown_with_its_reason) {
  auto cell = small_cell("fused");
  cell.device.kind = "cuda";
  try {
    trace_of(cell);
    FAIL() << "traced";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("built without CUDA"), std::string::npos);
  }
  cell = small_cell("fused");
  cell.device.memory_limit_bytes = 4 << 20;
  EXPECT_THROW(trace_of(cell), c10::OutOfMemoryError);
  cell = small_cell("fused");
  EXPECT_THROW(trace_cell({cell, "/nowhere/trace.json"}, apps::registry(), &made_up_peaks),
               std::runtime_error);
}

}  // namespace
}  // namespace worker
