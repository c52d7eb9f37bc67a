#include "harness/spec/measure_spec.h"

#include <fmt/format.h>

#include "harness/spec/limits.h"

namespace harness {

std::string graph_error(const Measure& measure, const Device& device) {
  if (!measure.cuda_graph) return {};
  if (device.kind != "cuda") {
    return fmt::format("a device of kind \"{}\" has no CUDA graphs", device.kind);
  }
  if (measure.warmup_steps < kGraphWarmupSteps) {
    return fmt::format("a CUDA graph takes {} warm-up steps before it can be timed, not {}",
                       kGraphWarmupSteps, measure.warmup_steps);
  }
  return {};
}

Measure read_measure(const SpecNode& node, const Device& device) {
  node.only_keys(
      {"rounds", "warmup_steps", "steps", "timeout", "threads", "seed", "pinning", "cuda_graph"});
  Measure measure;
  if (const auto rounds = node.find("rounds")) {
    measure.rounds = rounds->integer(1, kMaxRounds);
  }
  if (const auto warmup = node.find("warmup_steps")) {
    measure.warmup_steps = warmup->integer(0, kMaxSteps);
  }
  if (const auto steps = node.find("steps")) {
    measure.steps = steps->integer(1, kMaxSteps);
  }
  if (const auto timeout = node.find("timeout")) {
    measure.timeout_s = timeout->seconds();
  }
  if (const auto threads = node.find("threads")) {
    measure.threads = threads->integer(0, kMaxThreads);
  }
  if (const auto seed = node.find("seed")) {
    measure.seed = seed->unsigned_integer();
  }
  if (const auto pinning = node.find("pinning")) {
    measure.pinning = pinning->name_among(kPinnings, "pinning");
  }
  if (const auto graph = node.find("cuda_graph")) {
    measure.cuda_graph = graph->boolean();
    if (const auto error = graph_error(measure, device); !error.empty())
      graph->fail(error, "leave it out, or change what it is at odds with");
  }
  return measure;
}

}  // namespace harness
