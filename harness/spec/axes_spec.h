#pragma once

#include "harness/protocol/catalog.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// Fills in every axis of `spec` but those over the model (read_models), the names of the varying
/// axes, and checks that the sequence lengths fit spec.models.
void read_axes(const SpecNode& root, const Catalog& catalog, SweepSpec& spec);

/// Candidate cells that `spec` expands to: the product of its axes, with the flag sets of each
/// implementation.
int64_t count_candidates(const SweepSpec& spec, const Catalog& catalog);

}  // namespace harness
