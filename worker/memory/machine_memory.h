#pragma once

#include <cstdint>

namespace worker {

/// What the machine must keep, so that the rest of it goes on working: 1/16 of its memory, at most
/// 1 GiB.
int64_t machine_floor_bytes();

/// Bytes that this process may still touch: the least of MemAvailable of /proc/meminfo and what the
/// cgroup's limit leaves. Costs two or three file reads.
int64_t available_machine_bytes();

/// Bytes of this process in memory (resident pages).
int64_t resident_bytes();

}  // namespace worker
