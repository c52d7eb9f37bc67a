#pragma once

#include <cstddef>
#include <cstdint>

namespace kernels::cuda_emulator {

struct Thread;

enum class Access : uint8_t { kRead, kWrite, kAtomic };

/// Every access of device code comes here before it happens, and does not happen if it is an error:
/// then the launch ends with it. `from`: the access's address in the program, where it is known.
void check_access(Thread& thread, const void* address, size_t bytes, Access access,
                  const void* from = nullptr);

/// That `address` is a multiple of `bytes`.
void check_aligned(Thread& thread, const void* address, size_t bytes, const void* from = nullptr);

/// Shared memory that cp.async begins or ends to fill.
void mark_in_flight(Thread& thread, const void* address, size_t bytes, bool in_flight);

}  // namespace kernels::cuda_emulator
