#pragma once

#include <c10/core/Device.h>

namespace worker {

/// Has LibTorch and the libraries that multiply for it on `device` load and initialize what they do
/// at their first use, so that no step pays for it, and lets the CPU allocator see where oneDNN
/// asks for scratch.
void warm_up_libraries(c10::Device device);

}  // namespace worker
