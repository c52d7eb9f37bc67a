#include "worker/device/gpu_monitor.h"

#include <thread>

#include <gtest/gtest.h>

namespace worker {
namespace {

// What fake_nvml.cpp answers.
constexpr const char* kAddress = "0000:65:00.0";

nlohmann::json monitored(const std::string& address, std::chrono::milliseconds before_first,
                         const std::vector<double>& seconds) {
  const machine::Nvml nvml(FAKE_NVML);
  GpuMonitor monitor(nvml, address);
  const auto begin = GpuMonitor::Clock::now() + before_first;
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  monitor.stop();
  return monitor.report(begin, seconds);
}

TEST(GpuMonitor, marks_the_steps_during_which_the_gpu_was_held_back) {
  const auto report = monitored(kAddress, std::chrono::milliseconds(0), {1e-9, 60.0, 60.0});
  EXPECT_GE(report.at("readings"), 1);
  EXPECT_EQ(report.at("multiprocessor_mhz"), nlohmann::json({1410, 1410}));
  EXPECT_EQ(report.at("memory_mhz"), nlohmann::json({1593, 1593}));
  EXPECT_EQ(report.at("temperature_celsius"), nlohmann::json({71, 71}));
  EXPECT_EQ(report.at("throttled_samples"),
            nlohmann::json::parse(
                R"([{"sample": 1, "by": ["power cap", "thermal slowdown by hardware"]}])"));
}

TEST(GpuMonitor, marks_nothing_outside_of_the_steps) {
  EXPECT_TRUE(monitored(kAddress, std::chrono::hours(1), {60.0}).at("throttled_samples").empty());
  EXPECT_TRUE(
      monitored(kAddress, std::chrono::milliseconds(0), {1e-9}).at("throttled_samples").empty());
}

TEST(GpuMonitor, says_why_it_read_nothing) {
  EXPECT_EQ(monitored("0000:01:00.0", std::chrono::milliseconds(0), {60.0}),
            nlohmann::json({{"unknown", "NVML cannot find the GPU: Not Found"}}));
}

}  // namespace
}  // namespace worker
