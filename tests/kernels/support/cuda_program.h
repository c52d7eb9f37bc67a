#pragma once

#include <cstdint>

#include <c10/core/Device.h>

namespace kernels::testing {

// Where the operators' CUDA forms run in a test program: under the emulator (emulated_program.cpp),
// or on the machine's first CUDA device (device_program.cpp; CTest's label gpu).

/// Whose tensors they take.
c10::Device cuda_device();

/// Draws the order in which the emulator runs threads; a device has its own.
void seed_schedule(uint64_t seed);

/// Under the emulator, whether any kernel has run since the last call. A device does not tell:
/// there it waits for the kernels, and throws c10::Error where one failed.
bool kernels_ran();

}  // namespace kernels::testing
