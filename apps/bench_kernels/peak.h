#pragma once

#include <cstdint>
#include <string>

#include <c10/core/ScalarType.h>

namespace apps {

/// The machine's arithmetic with operands in registers, on all threads: the limit for matrix
/// products. A multiply and an add are two FLOPs. For kBFloat16 with vdpbf16ps where the machine
/// has it; everything else by multiply-adds of float.
class Peak {
 public:
  explicit Peak(at::ScalarType dtype);

  /// At least `flops`, at most some thousands more.
  void run(int64_t flops) const;
  /// In the best of the runs that the constructor made.
  double flops_per_second() const { return rate_; }
  const std::string& instruction() const { return instruction_; }

 private:
  std::string instruction_;
  int64_t step_flops_;  ///< of a thread
  float (*loop_)(int64_t steps);
  double rate_ = 0;
};

}  // namespace apps
