#pragma once

#include <optional>
#include <string>

#include "apps/bench_kernels/case.h"
#include "apps/bench_kernels/ceilings.h"

namespace apps {

/// "operator/direction/precision/model".
std::string case_name(const Operator& op, const Setting& setting);

/// What the lines of a run share: the ceilings, and the case in hand. One at a time, because they
/// are large and the lines of a case follow each other.
class Bench {
 public:
  /// The case, whose fused side was first compared with LibTorch's in fp32 on the same inputs,
  /// without dropout, where both are the same function. (LibTorch in bf16 is no reference: it sums
  /// LayerNorm's weight gradients in bf16.) Throws std::runtime_error where they differ.
  const Case& prepare(const Operator& op, const Setting& setting);
  Ceilings& ceilings() { return ceilings_; }

 private:
  Ceilings ceilings_;
  std::string prepared_;
  std::optional<Case> case_;
};

}  // namespace apps
