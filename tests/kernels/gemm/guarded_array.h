#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>

#include <sys/mman.h>
#include <unistd.h>

namespace kernels {

/// An array whose last byte lies before a page that may not be touched, so that reading or writing
/// past the end ends the test program; and before it 64 bytes that must stay as they are.
template <class T>
class GuardedArray {
 public:
  explicit GuardedArray(int64_t count) : count_(static_cast<size_t>(count)) {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t data = count_ * sizeof(T) + kGuard;
    const size_t pages = (data + page - 1) / page * page;
    size_ = pages + page;
    base_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base_ == MAP_FAILED) throw std::bad_alloc();
    mprotect(static_cast<char*>(base_) + pages, page, PROT_NONE);
    data_ = static_cast<char*>(base_) + pages - count_ * sizeof(T);
    std::memset(data_ - kGuard, kFill, data);
  }
  ~GuardedArray() { munmap(base_, size_); }
  GuardedArray(const GuardedArray&) = delete;
  GuardedArray& operator=(const GuardedArray&) = delete;

  T* data() { return reinterpret_cast<T*>(data_); }
  const T* data() const { return reinterpret_cast<const T*>(data_); }
  std::span<T> values() { return {data(), count_}; }
  std::span<const T> values() const { return {data(), count_}; }
  bool front_is_intact() const {
    for (size_t i = 1; i <= kGuard; ++i) {
      if (static_cast<unsigned char>(*(data_ - i)) != kFill) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kGuard = 64;
  static constexpr unsigned char kFill = 0xa5;
  size_t count_;
  size_t size_ = 0;
  void* base_ = nullptr;
  char* data_ = nullptr;
};

}  // namespace kernels
