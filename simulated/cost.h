#pragma once

#include "harness/protocol/cell.h"
#include "harness/protocol/memory_footprint.h"

namespace simulated {

/// Seconds of one global step of the cell before noise and drift: for each of its micro-batches
/// base + sequences * sequence * (length / 384), times (1 + time_percent / 100) of every flag.
/// Throws ProtocolError where the cell's device is not simulated or lacks its implementation.
double step_seconds(const harness::Cell& cell);

/// Memory of the cell, planned and measured alike: base + sequences * sequence * (length / 384),
/// the latter times (1 - frees_percent / 100) of every flag, rounded to a byte. The base is a
/// quarter weights, a quarter gradients and half optimizer state, as Adam in fp32 has it; the peak
/// is where the backward pass begins. Throws as step_seconds().
harness::MemoryFootprint footprint(const harness::Cell& cell);

}  // namespace simulated
