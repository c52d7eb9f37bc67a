#pragma once

#include <cstdint>

#include "worker/memory/ledger.h"
#include "worker/memory/run_memory.h"

namespace worker {

/// The refusal of `requested_bytes` by LibTorch's caching allocator, where the device itself had
/// `free_bytes` left. The limit was the reason where there is one and the device would have had
/// room for the segment.
Refusal device_refusal(const Ledger& ledger, int64_t requested_bytes, int64_t free_bytes,
                       bool limited);

}  // namespace worker
