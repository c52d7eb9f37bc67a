#pragma once

#include <string>
#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// What a sweep compares at one micro-batch: an implementation with an optimizer and one of the
/// flag sets that the sweep gives it.
struct Contender {
  std::string optimizer;
  std::string implementation;
  std::vector<std::string> flags;
};

/// Every optimizer of the sweep with every implementation and every flag set that the `flags` axis
/// gives it.
std::vector<Contender> contenders(const SweepSpec& spec, const Catalog& catalog);

/// One cell for every value of the model's axes, sequence length and precision; without what a
/// Contender holds and micro-batch.
std::vector<Cell> base_cells(const SweepSpec& spec);

/// `base` with what it lacks.
Cell complete_cell(const SweepSpec& spec, const Cell& base, const Contender& contender,
                   int64_t micro_batch);

/// The candidate cells of a sweep: the product of its axes, from slow to fast: model, sequence
/// length, precision, micro-batch, optimizer, implementation, flags. Cells that are compared (equal
/// but for optimizer, implementation and flags) stand next to each other. "cheapest" gives the
/// cells of "all", which select() narrows when their plans are known.
std::vector<Cell> expand(const SweepSpec& spec, const Catalog& catalog);

}  // namespace harness
