#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/core/cuda_emulator/global_memory.h"

namespace kernels::cuda_emulator {

/// An array that device code may touch, called `name` in messages: NaN in every floating-point type
/// to begin with, or a copy. Its memory is registered to the byte, with a guard zone around it that
/// device code may not touch. Aligned to 256 bytes, as cudaMalloc's, and `shift` elements more.
template <class T>
class DeviceBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  DeviceBuffer(std::string name, int64_t size, size_t shift = 0)
      : size_(static_cast<size_t>(size)),
        lines_(4 * kGuardLines + (bytes() + shift * sizeof(T)) / kLine) {
    data_ = reinterpret_cast<T*>(lines_.data() + kGuardLines) + shift;
    std::memset(static_cast<void*>(data_), 0xff, bytes());
    GlobalMemory::instance().add(data_, bytes(), std::move(name));
  }
  DeviceBuffer(std::string name, const std::vector<T>& values, size_t shift = 0)
      : DeviceBuffer(std::move(name), static_cast<int64_t>(values.size()), shift) {
    std::copy(values.begin(), values.end(), data_);
  }
  ~DeviceBuffer() { GlobalMemory::instance().remove(data_); }
  DeviceBuffer(const DeviceBuffer&) = delete;
  DeviceBuffer& operator=(const DeviceBuffer&) = delete;

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::vector<T> values() const { return std::vector<T>(data_, data_ + size_); }

 private:
  static constexpr size_t kLine = 256;
  static constexpr size_t kGuardLines = 16;
  struct alignas(kLine) Line {
    std::byte bytes[kLine];
  };

  size_t bytes() const { return size_ * sizeof(T); }

  size_t size_;
  std::vector<Line> lines_;
  T* data_;
};

}  // namespace kernels::cuda_emulator
