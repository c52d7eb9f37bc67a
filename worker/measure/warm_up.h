#pragma once

#include <initializer_list>

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

namespace worker {

/// Has LibTorch and the libraries that multiply for it on `device` load and initialize what they do
/// at their first use in `types`, which the device must have, so that no step pays for it, and lets
/// the CPU allocator see where oneDNN asks for scratch.
void warm_up_libraries(c10::Device device, std::initializer_list<c10::ScalarType> types);

}  // namespace worker
