#pragma once

#include <cstdint>

namespace worker {

/// What the machine must keep, so that the rest of it goes on working: 1/16 of its memory, at most
/// 1 GiB.
int64_t machine_floor_bytes();

/// Bytes of this process in memory (resident pages).
int64_t resident_bytes();

}  // namespace worker
