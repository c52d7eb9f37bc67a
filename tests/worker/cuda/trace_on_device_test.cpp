#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/registry.h"
#include "tests/worker/test_cells.h"
#include "worker/trace/trace_cell.h"

namespace worker {
namespace {

using nlohmann::json;

struct Traced {
  harness::StepTrace step;
  std::vector<json> host;  ///< complete events
  std::vector<json> device;
};

harness::MachinePeaks made_up_peaks(const std::string& device_kind, int64_t /*threads*/) {
  EXPECT_EQ(device_kind, "cuda");
  return {1e12, 1e14, 1e14, 1e12};
}

Traced trace_of(const std::string& implementation) {
  auto cell = small_cell(implementation);
  cell.device.kind = "cuda";
  cell.measure.warmup_steps = 2;
  const auto file = std::filesystem::path(testing::TempDir()) /
                    ("trace_on_device_" + std::to_string(::getpid()) + ".json");
  Traced traced;
  traced.step = trace_cell({cell, file}, apps::registry(), &made_up_peaks);
  std::ifstream in(file);
  for (const json& event : json::parse(in).at("traceEvents")) {
    if (event.at("ph") != "X") continue;
    (event.at("pid") == 2 ? traced.device : traced.host).push_back(event);
  }
  std::filesystem::remove(file);
  return traced;
}

class TraceOnDevice : public testing::TestWithParam<const char*> {};

TEST_P(TraceOnDevice, rows_add_up_to_the_device_s_step_in_every_phase) {
  const auto traced = trace_of(GetParam());
  double total = 0;
  std::set<std::string> phases;
  int64_t flops = 0;
  for (const auto& time : traced.step.operators) {
    total += time.self_seconds;
    flops += time.flops;
    if (time.name != harness::kDeviceIdle) phases.insert(time.phase);
  }
  EXPECT_NEAR(total, traced.step.step_seconds, 1e-6 * traced.step.step_seconds);
  EXPECT_GT(flops, 0);
  EXPECT_TRUE(phases.contains("forward"));
  EXPECT_TRUE(phases.contains("backward"));
  EXPECT_TRUE(phases.contains("optimizer"));
}

TEST_P(TraceOnDevice, kernels_are_of_an_operator_and_of_a_layer_forward_and_backward) {
  const auto traced = trace_of(GetParam());
  std::set<std::string> layers;
  for (const json& event : traced.device) {
    const json& arguments = event.at("args");
    if (event.at("cat") == "kernel") {
      EXPECT_TRUE(arguments.contains("operator")) << event.dump();
    }
    if (arguments.contains("layer")) layers.insert(arguments.at("layer").get<std::string>());
  }
  for (const char* const layer : {"layer 0", "layer 1", "layer 0 backward", "layer 1 backward"}) {
    EXPECT_TRUE(layers.contains(layer)) << layer;
  }
}

TEST_P(TraceOnDevice, the_device_s_clock_is_the_host_s) {
  const auto traced = trace_of(GetParam());
  ASSERT_FALSE(traced.device.empty());
  // Of the conversion from the device's clock; in microseconds.
  constexpr double kTolerance = 100;
  for (const json& event : traced.device) {
    EXPECT_GT(event.at("ts").get<double>(), -kTolerance) << "before the step began: " << event;
  }
  const json& step = traced.host.front();
  EXPECT_LT(traced.device.front().at("ts").get<double>(), step.at("dur").get<double>());
}

INSTANTIATE_TEST_SUITE_P(Implementations, TraceOnDevice,
                         testing::Values("pytorch_eager", "pytorch_tuned", "fused"));

}  // namespace
}  // namespace worker
