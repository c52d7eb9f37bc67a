#include "harness/spec/measure_spec.h"

#include "harness/spec/limits.h"

namespace harness {

Measure read_measure(const SpecNode& node) {
  node.only_keys({"rounds", "warmup_steps", "steps", "timeout", "threads", "seed", "pinning"});
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
  return measure;
}

}  // namespace harness
