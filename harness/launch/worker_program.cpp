#include "harness/launch/worker_program.h"

namespace harness {

std::string worker_program(const Device& device) {
  return device.kind == kSimulatedKind ? "bench_simulated_worker" : "bench_worker";
}

}  // namespace harness
