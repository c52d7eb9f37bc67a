// In a program that this is part of, LibTorch's CPU stands for a CUDA device: all memory of its
// tensors is registered with the emulator, and the operators' CUDA forms (BENCH_CUDA) work on it.

#include <map>
#include <memory>
#include <mutex>

#include <c10/core/Allocator.h>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/tensor/device.h"

namespace kernels {
namespace {

using Buffer = cuda_emulator::DeviceBuffer<std::byte>;

/// Memory that starts as NaN, with guard zones.
class DeviceAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    if (bytes == 0) return {nullptr, nullptr, &free, c10::Device(c10::kCPU)};
    auto buffer = std::make_unique<Buffer>("a tensor", static_cast<int64_t>(bytes));
    void* const begin = buffer->data();
    const std::lock_guard lock(mutex_);
    buffers_.emplace(begin, std::move(buffer));
    return {begin, begin, &free, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &free; }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

  /// Lives as long as any tensor may.
  static DeviceAllocator& instance() {
    static auto* const allocator = new DeviceAllocator;
    return *allocator;
  }

 private:
  static void free(void* begin) {
    DeviceAllocator& self = instance();
    const std::lock_guard lock(self.mutex_);
    self.buffers_.erase(begin);
  }

  std::mutex mutex_;
  std::map<void*, std::unique_ptr<Buffer>> buffers_;
};

const bool installed = [] {
  constexpr uint8_t kAboveTheDefault = 1;
  c10::SetAllocator(c10::kCPU, &DeviceAllocator::instance(), kAboveTheDefault);
  return true;
}();

}  // namespace

bool is_cuda_device(at::Device device) {
  return device.is_cpu();
}

CudaStream current_stream(at::Device /*device*/) {
  return nullptr;
}

}  // namespace kernels
