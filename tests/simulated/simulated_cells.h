#pragma once

#include "harness/protocol/cell.h"
#include "tests/stubs/stub_worker.h"

namespace simulated {

/// A cell of a simulated device on which "fused" takes 10 ms and 2 ms a sequence, and 1000 bytes
/// and 100 a sequence, at 384 tokens. Micro-batch 4, global batch 8, 2 steps and no noise.
inline harness::Cell make_cell() {
  auto cell = stubs::make_cell("fused", 4);
  cell.sequence_length = 384;
  cell.measure.warmup_steps = 1;
  cell.device.kind = harness::kSimulatedKind;
  auto& device = cell.device.simulated.emplace();
  device.implementations["fused"] = {0.010, 0.002, 1000, 100};
  device.flags["gelu_checkpoint"] = {10, 50};
  device.flags["flash_attention"] = {-20, 10};
  return cell;
}

/// The same with one fault.
inline harness::Cell make_faulty_cell(const harness::SimulatedFault& fault) {
  auto cell = make_cell();
  cell.device.simulated->faults = {fault};
  return cell;
}

inline harness::SimulatedFault make_fault(const std::string& kind, double probability = 1) {
  harness::SimulatedFault fault;
  fault.kind = kind;
  fault.probability = probability;
  return fault;
}

}  // namespace simulated
