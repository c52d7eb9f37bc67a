#include "worker/trace/device_events.h"

#include <set>

#include <fmt/format.h>

#include "worker/trace/launchers.h"
#include "worker/trace/trace_events.h"

namespace worker {
namespace {

const char* category(ActivityKind kind) {
  switch (kind) {
    case ActivityKind::kKernel:
      return "kernel";
    case ActivityKind::kCopy:
      return "copy";
    case ActivityKind::kFill:
      return "fill";
  }
  return "";
}

nlohmann::json arguments_of(const Activity& activity, const LaunchPlace& place) {
  auto arguments = nlohmann::json::object();
  if (place.owner != nullptr) {
    arguments["operator"] = place.owner->name;
    arguments["inputs"] = place.owner->shapes;
  }
  if (!place.phase.empty()) arguments["phase"] = place.phase;
  if (place.layer != nullptr) arguments["layer"] = place.layer->name;
  if (place.node != nullptr) {
    arguments["autograd"] = place.node->name;
    arguments["sequence"] = place.node->sequence;
  }
  if (activity.bytes > 0) arguments["bytes"] = activity.bytes;
  return arguments;
}

}  // namespace

std::vector<nlohmann::json> device_events(const Spans& spans, const Activities& activities,
                                          int64_t start_ns) {
  std::vector<nlohmann::json> events;
  const Launchers launchers(spans);
  std::set<uint32_t> streams;
  for (const Activity& activity : activities) {
    if (streams.insert(activity.stream).second) {
      events.push_back(name_event("thread_name", kDeviceProcess, activity.stream,
                                  fmt::format("stream {}", activity.stream)));
    }
    events.push_back({{"ph", "X"},
                      {"name", activity.name},
                      {"cat", category(activity.kind)},
                      {"pid", kDeviceProcess},
                      {"tid", activity.stream},
                      {"ts", microseconds(activity.begin_ns - start_ns)},
                      {"dur", microseconds(activity.end_ns - activity.begin_ns)},
                      {"args", arguments_of(activity, launchers.place_of(activity))}});
  }
  if (!events.empty()) events.push_back(name_event("process_name", kDeviceProcess, 0, "device"));
  return events;
}

}  // namespace worker
