#pragma once

#include <vector>

#include "harness/protocol/cell.h"
#include "harness/spec/spec_node.h"

namespace harness {

/// The `device` of a sweep, but for what read_simulated() reads.
Device read_device(const SpecNode& node);

/// `flag_table_limits`: distinct memory sizes, each above `reserved_bytes`.
std::vector<int64_t> read_flag_table_limits(const SpecNode& node, int64_t reserved_bytes);

}  // namespace harness
