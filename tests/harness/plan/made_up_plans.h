#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"

namespace harness {

/// A made-up device need in GiB-sized steps: 1 GiB for the model, another one for gradients that
/// accumulate over several steps, and per sequence 4 units of 256 MiB without flags. Each of
/// DeepSpeed's flags saves a unit, activation_checkpoint 3.5.
inline int64_t made_up_peak(const Cell& cell) {
  constexpr int64_t kUnit = int64_t{256} << 20;
  int64_t half_units = 8;
  for (const std::string& flag : cell.flags) {
    half_units -= flag == "activation_checkpoint" ? 7 : flag == "stochastic_mode" ? 0 : 2;
  }
  const int64_t model = (cell.accumulation_steps() > 1 ? 8 : 4) * kUnit;
  return model + cell.micro_batch * half_units * kUnit / 2;
}

inline Plan made_up_plan(const Cell& cell) {
  MemoryFootprint footprint;
  footprint.peak_bytes = made_up_peak(cell);
  footprint.at_peak.other = footprint.peak_bytes;
  footprint.peak_phase = "backward";
  return {footprint, ""};
}

/// What a planner on a machine with the device would answer.
inline PlanReply made_up_reply(const std::vector<Cell>& cells) {
  PlanReply reply;
  reply.device = {cells.empty() ? "" : cells.front().device.kind, true, ""};
  std::transform(cells.begin(), cells.end(), std::back_inserter(reply.plans), made_up_plan);
  return reply;
}

}  // namespace harness
