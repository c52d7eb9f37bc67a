#pragma once

#include <array>
#include <cstdint>
#include <memory>

namespace kernels {

/// A copy from one buffer to another, `bytes` read and written, half of them each: the machine's
/// limit for an operator that must move as many.
class MemoryCopy {
 public:
  /// For `threads` OpenMP threads (at least 1). Tries each way to copy. Throws std::bad_alloc where
  /// there is no room for the buffers.
  MemoryCopy(int64_t bytes, int threads);

  /// In the way that proved fastest for this size.
  void run() const { copy_by(best_); }
  /// Read and written, in the best of the runs that the choice was made with.
  double bytes_per_second() const { return rate_; }

  const uint8_t* source() const { return source_.get(); }
  const uint8_t* destination() const { return destination_.get(); }
  int64_t buffer_bytes() const { return bytes_; }

 private:
  enum class Method { kMemcpy, kVectors, kStreaming };
  static constexpr std::array kMethods = {Method::kMemcpy, Method::kVectors, Method::kStreaming};

  struct Free {
    void operator()(uint8_t* memory) const;
  };
  using Buffer = std::unique_ptr<uint8_t, Free>;

  static Buffer allocate(int64_t bytes);
  void copy_by(Method method) const;

  int64_t bytes_;  ///< of a buffer
  int threads_;
  Buffer source_;
  Buffer destination_;
  Method best_ = Method::kMemcpy;
  double rate_ = 0;
};

}  // namespace kernels
