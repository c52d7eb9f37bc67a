#pragma once

#include <cstdint>
#include <random>
#include <string_view>

#include "harness/protocol/cell.h"

namespace simulated {

/// The random numbers of one purpose ("noise of round 2"). They follow from measure.seed, the
/// device's stream and the cell's axes, and from nothing that differs between machines.
using Draws = std::mt19937_64;

Draws draws_of_cell(const harness::Cell& cell, std::string_view purpose);

/// The same for all cells that one correctness check covers.
Draws draws_of_check(const harness::Cell& cell, std::string_view purpose);

/// Whether something of this probability happens.
bool happens(double probability, Draws& draws);

/// A factor whose logarithm is normal around 0 with the deviation `sigma`.
double log_normal(double sigma, Draws& draws);

}  // namespace simulated
