#pragma once

#include <string>

#include "harness/protocol/cell.h"

namespace harness {

/// What of two cells with the same axes keeps their numbers from being compared, as keys of a
/// record's cell ("global_batch, measure.threads"); empty where nothing does. What only says how
/// often and how long to measure (rounds, steps, time-out) does not, nor does the folder that the
/// data lies in, nor what a simulated device does, which is what its builds differ in.
std::string cell_difference(const Cell& a, const Cell& b);

}  // namespace harness
