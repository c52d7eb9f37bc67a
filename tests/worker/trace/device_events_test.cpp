#include "worker/trace/device_events.h"

#include <gtest/gtest.h>

#include "tests/worker/trace/made_up_step.h"
#include "worker/trace/chrome_trace.h"

namespace worker {
namespace {

using nlohmann::json;

constexpr int64_t kStart = 100;

std::vector<json> complete_events(const Activities& activities) {
  std::vector<json> complete;
  for (const json& event : device_events(made_up_step(), activities, kStart)) {
    if (event.at("ph") == "X") complete.push_back(event);
  }
  return complete;
}

TEST(DeviceEvents, an_activity_says_when_it_ran_and_what_launched_it) {
  const auto events = complete_events({made_up_activity("gemm", 2100, 3600, kInnerSpan)});
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0], json::parse(R"({
      "ph": "X", "name": "gemm", "cat": "kernel", "pid": 2, "tid": 7, "ts": 2.0, "dur": 1.5,
      "args": {"operator": "product", "inputs": "[2, 3]", "phase": "forward",
               "layer": "layer 0"}})"));
}

TEST(DeviceEvents, in_the_backward_pass_it_says_its_layer_and_its_node) {
  const auto events = complete_events({made_up_activity("add", 2100, 3600, kAddAgainSpan)});
  ASSERT_EQ(events.size(), 1U);
  const json& arguments = events[0].at("args");
  EXPECT_EQ(arguments.at("operator"), "add");
  EXPECT_EQ(arguments.at("phase"), "backward");
  EXPECT_EQ(arguments.at("layer"), "layer 0 backward");
  EXPECT_EQ(arguments.at("autograd"), "AddBackward0");
  EXPECT_EQ(arguments.at("sequence"), 12);
}

TEST(DeviceEvents, what_nothing_launched_says_so_by_saying_nothing) {
  auto copy = made_up_activity("copy host to device", 2100, 3600, 0);
  copy.kind = ActivityKind::kCopy;
  copy.bytes = 64;
  const auto events = complete_events({copy});
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].at("cat"), "copy");
  EXPECT_EQ(events[0].at("args"), json::parse(R"({"bytes": 64})"));
}

TEST(DeviceEvents, every_stream_is_a_track_of_the_device) {
  const auto events = device_events(made_up_step(),
                                    {made_up_activity("a", 2000, 2100, kAddSpan, 7),
                                     made_up_activity("b", 2000, 2100, kAddSpan, 13),
                                     made_up_activity("c", 2100, 2200, kAddSpan, 7)},
                                    kStart);
  std::vector<std::string> names;
  for (const json& event : events) {
    EXPECT_EQ(event.at("pid"), 2);
    if (event.at("ph") == "M") names.push_back(event.at("args").at("name"));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"stream 7", "stream 13", "device"}));
}

TEST(DeviceEvents, stand_in_the_trace_beside_the_spans_on_one_time) {
  const auto trace =
      chrome_trace(made_up_step(), {made_up_activity("gemm", 2000, 2100, kInnerSpan)}, {});
  size_t host = 0;
  size_t device = 0;
  for (const json& event : trace.at("traceEvents")) {
    if (event.at("ph") != "X") continue;
    (event.at("pid") == 1 ? host : device) += 1;
    if (event.at("name") == "gemm") {
      EXPECT_EQ(event.at("ts"), 2.0);
    }
  }
  EXPECT_EQ(host, made_up_step().size());
  EXPECT_EQ(device, 1U);
  for (const json& event : chrome_trace(made_up_step(), {}, {}).at("traceEvents")) {
    EXPECT_EQ(event.at("pid"), 1) << "no device without activities";
  }
}

}  // namespace
}  // namespace worker
