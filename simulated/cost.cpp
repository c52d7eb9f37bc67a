#include "simulated/cost.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/protocol/protocol_error.h"

namespace simulated {
namespace {

const harness::SimulatedDevice& device_of(const harness::Cell& cell) {
  if (cell.device.simulated) return *cell.device.simulated;
  throw harness::ProtocolError(
      fmt::format("device kind \"{}\" is not \"simulated\"", cell.device.kind));
}

const harness::SimulatedImplementation& implementation_of(const harness::Cell& cell) {
  const auto& implementations = device_of(cell).implementations;
  const auto found = implementations.find(cell.implementation);
  if (found != implementations.end()) return found->second;
  throw harness::ProtocolError(
      fmt::format("the simulated device has no implementation '{}'", cell.implementation));
}

/// The product of one factor of each of the cell's flags.
template <typename Factor>
double product_over_flags(const harness::Cell& cell, Factor factor) {
  const auto& known = device_of(cell).flags;
  double product = 1;
  for (const auto& flag : cell.flags) {
    if (const auto found = known.find(flag); found != known.end()) product *= factor(found->second);
  }
  return product;
}

/// Sequences of the micro-batch, in units of the length that the device's numbers are for.
double scaled_sequences(const harness::Cell& cell) {
  return static_cast<double>(cell.micro_batch) * static_cast<double>(cell.sequence_length) /
         harness::kSimulatedSequenceLength;
}

}  // namespace

double step_seconds(const harness::Cell& cell) {
  const auto& implementation = implementation_of(cell);
  const double factor = product_over_flags(
      cell, [](const harness::SimulatedFlag& flag) { return 1 + flag.time_percent / 100; });
  return static_cast<double>(cell.accumulation_steps()) * factor *
         (implementation.base_s + scaled_sequences(cell) * implementation.sequence_s);
}

harness::MemoryFootprint footprint(const harness::Cell& cell) {
  constexpr double kMostBytes = int64_t{1} << 61;  // the sum below stays within 64 bits
  const auto& implementation = implementation_of(cell);
  const double factor = product_over_flags(
      cell, [](const harness::SimulatedFlag& flag) { return 1 - flag.frees_percent / 100; });
  const double activations =
      std::min(kMostBytes, scaled_sequences(cell) *
                               static_cast<double>(implementation.sequence_bytes) * factor);
  harness::MemoryFootprint memory;
  auto& at_peak = memory.at_peak;
  at_peak.weights = implementation.base_bytes / 4;
  at_peak.gradients = implementation.base_bytes / 4;
  at_peak.optimizer_state = implementation.base_bytes - at_peak.weights - at_peak.gradients;
  at_peak.saved_activations = std::llround(activations);
  memory.peak_bytes = at_peak.total();
  memory.peak_phase = "backward";
  return memory;
}

}  // namespace simulated
