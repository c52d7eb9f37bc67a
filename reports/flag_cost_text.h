#pragma once

#include <string>

#include "harness/analysis/flag_cost.h"

namespace reports {

/// "flag F costs t %, frees m MiB of the peak (in backward), raises the largest micro-batch from a
/// to b, net p % (samples/s at micro-batch y with, over x without)"; parts without a value say so
/// or are left out.
std::string flag_cost_sentence(const harness::FlagCost& cost);

}  // namespace reports
