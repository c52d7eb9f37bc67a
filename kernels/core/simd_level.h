#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kernels {

/// An instruction set that the operators are compiled for.
struct SimdLevel {
  int64_t target;    ///< Highway's HWY_* bit
  std::string name;  ///< Highway's name of it
};

/// The levels that this machine can run, best first; the last is portable code.
std::vector<SimdLevel> supported_simd_levels();

/// The level that the operators run now.
SimdLevel active_simd_level();

/// Makes the operators of the whole process run `level`, for tests and measurements. Not to be
/// called while an operator runs.
void force_simd_level(const SimdLevel& level);

/// Ends force_simd_level.
void reset_simd_level();

}  // namespace kernels
