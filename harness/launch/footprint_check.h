#pragma once

#include "harness/protocol/memory_footprint.h"

namespace harness {

/// Throws ProtocolError where no step can have taken that: bytes below 0, parts that do not add up
/// to the peak, more scratch than the peak that it is part of, or a phase that steps do not have.
void check_footprint(const MemoryFootprint& memory);

}  // namespace harness
