#pragma once

#include <string>
#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// An implementation with one of the flag sets that the sweep gives it.
struct ImplementationChoice {
  std::string implementation;
  std::vector<std::string> flags;
};

/// Every implementation of the sweep with every flag set that its `flags` axis gives it.
std::vector<ImplementationChoice> implementation_choices(const SweepSpec& spec,
                                                         const Catalog& catalog);

/// One cell for every value of the model's axes, sequence length, precision and optimizer; without
/// implementation, flags and micro-batch.
std::vector<Cell> base_cells(const SweepSpec& spec);

/// `base` with what it lacks.
Cell complete_cell(const SweepSpec& spec, const Cell& base, const ImplementationChoice& choice,
                   int64_t micro_batch);

/// The candidate cells of a sweep: the product of its axes, from slow to fast: model, sequence
/// length, precision, optimizer, micro-batch, implementation, flags. Cells that are compared (equal
/// but for implementation and flags) stand next to each other. "cheapest" gives the cells of "all",
/// which select() narrows when their plans are known.
std::vector<Cell> expand(const SweepSpec& spec, const Catalog& catalog);

}  // namespace harness
