#pragma once

#include <array>
#include <cstdint>

#include <ATen/core/Tensor.h>

namespace apps {

/// Copies of `bytes` / 2 bytes from one buffer to another on all threads: `bytes` read and written.
/// The machine's limit for an operator that must move as many.
class Copy {
 public:
  explicit Copy(int64_t bytes);

  /// By the method that proved fastest for this size when the object was made.
  void run() const { copy_with(best_); }
  /// Read and written, in the best of the runs that the choice was made with.
  double bytes_per_second() const { return rate_; }

 private:
  enum class Method { kMemcpy, kVectors, kStreaming };
  static constexpr std::array kMethods = {Method::kMemcpy, Method::kVectors, Method::kStreaming};

  void copy_with(Method method) const;

  int64_t bytes_;  ///< of a buffer
  at::Tensor source_;
  at::Tensor destination_;
  Method best_ = Method::kMemcpy;
  double rate_ = 0;
};

}  // namespace apps
