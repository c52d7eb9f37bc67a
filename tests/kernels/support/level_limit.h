#pragma once

#include "kernels/core/gemm_tile/level.h"

namespace kernels {

/// Limits the level of products while it lives.
class LevelLimit {
 public:
  explicit LevelLimit(GemmLevel level) { limit_gemm_level(level); }
  ~LevelLimit() { limit_gemm_level(kHighestGemmLevel); }
  LevelLimit(const LevelLimit&) = delete;
  LevelLimit& operator=(const LevelLimit&) = delete;
};

}  // namespace kernels
