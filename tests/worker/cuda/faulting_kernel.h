#pragma once

#include <cuda_runtime_api.h>

namespace worker {

/// Queues a kernel that writes to an address that is nobody's.
void launch_faulting_kernel(cudaStream_t stream);

}  // namespace worker
