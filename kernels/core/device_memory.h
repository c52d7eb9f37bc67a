#pragma once

#include <cstdint>
#include <memory>

#include <cuda_runtime_api.h>

#include "kernels/core/cuda_error.h"

namespace kernels {

/// Memory of the current device, uninitialized, aligned to 256 bytes.
class DeviceMemory {
 public:
  /// Throws CudaError where there is no room.
  explicit DeviceMemory(int64_t bytes) {
    void* memory = nullptr;
    check_cuda(cudaMalloc(&memory, static_cast<size_t>(bytes)), "allocate a device's memory");
    memory_.reset(memory);
  }

  void* get() const { return memory_.get(); }
  template <class T>
  T* as() const {
    return static_cast<T*>(memory_.get());
  }

 private:
  struct Free {
    void operator()(void* memory) const { cudaFree(memory); }
  };
  std::unique_ptr<void, Free> memory_;
};

}  // namespace kernels
