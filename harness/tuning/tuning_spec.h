#pragma once

#include "harness/spec/sweep_spec.h"

namespace harness {

/// The sweep whose cells the tuner chooses from: `spec` with only the micro-batches that divide its
/// global batch, so that every candidate trains the same optimizer step, and with every flag set
/// where it says "cheapest", because which of them is best is the question.
/// Throws SpecError where the sweep asks more than one question (several sequence lengths,
/// precisions or models), names no global batch, or has no micro-batch that divides it.
SweepSpec tuning_spec(SweepSpec spec);

}  // namespace harness
