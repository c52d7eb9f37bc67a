#pragma once

#include <cstdint>
#include <optional>

namespace kernels {

/// Arithmetic with operands in registers and nothing besides: the limit for matrix products.
class PeakLoop {
 public:
  /// Multiply-adds of float, two FLOPs each, with the widest vectors there are.
  static PeakLoop fp32();
  /// Dot products of bf16 pairs, four FLOPs a float of the sum, in tiles (AMX) or vectors (AVX-512
  /// BF16); none where there are neither.
  static std::optional<PeakLoop> bf16();

  /// What it is made of, "vfmadd231ps zmm".
  const char* instruction() const { return instruction_; }
  /// On `threads` OpenMP threads (at least 1): at least `flops`, at most some hundreds more a
  /// thread.
  void run(int64_t flops, int threads) const;
  /// The best of a quarter of a second of short runs.
  double flops_per_second(int threads) const;

 private:
  PeakLoop(const char* instruction, void (*loop)(int64_t iterations), int64_t flops,
           int64_t measured_iterations)
      : instruction_(instruction),
        loop_(loop),
        flops_(flops),
        measured_iterations_(measured_iterations) {}

  const char* instruction_;
  void (*loop_)(int64_t iterations);
  int64_t flops_;                ///< of an iteration
  int64_t measured_iterations_;  ///< of a run of some 2 ms
};

}  // namespace kernels
