#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "kernels/core/bfloat16.h"
#include "kernels/core/float16.h"

namespace kernels::testing {

template <class T>
double to_double(T value) {
  if constexpr (sizeof(T) == sizeof(double)) {
    return value;
  } else {
    return static_cast<double>(to_float(value));
  }
}

template <class T>
T from_double(double value) {
  if constexpr (sizeof(T) == sizeof(double)) {
    return value;
  } else {
    return from_float<T>(static_cast<float>(value));
  }
}

template <class T>
std::vector<double> to_doubles(const std::vector<T>& values) {
  std::vector<double> result;
  for (const T value : values) result.push_back(to_double(value));
  return result;
}

/// An output between guard bytes, filled with NaN, and aligned to nothing but its element.
template <class T>
class Guarded {
 public:
  explicit Guarded(int64_t size)
      : size_(static_cast<size_t>(size)), bytes_((size_ + 2 * kGuard) * sizeof(T), kPattern) {
    for (size_t i = 0; i < size_; ++i) data()[i] = from_double<T>(std::nan(""));
  }

  T* data() { return reinterpret_cast<T*>(bytes_.data()) + kGuard; }

  bool intact() const {
    const size_t guard = kGuard * sizeof(T);
    for (size_t i = 0; i < guard; ++i) {
      if (bytes_[i] != kPattern || bytes_[bytes_.size() - 1 - i] != kPattern) return false;
    }
    return true;
  }

  std::vector<double> values() { return to_doubles(std::vector<T>(data(), data() + size_)); }

 private:
  static constexpr size_t kGuard = 67;
  static constexpr unsigned char kPattern = 0xa5;

  size_t size_;
  std::vector<unsigned char> bytes_;
};

}  // namespace kernels::testing
