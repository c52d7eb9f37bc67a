#pragma once

#include <stdexcept>
#include <string>

namespace kernels::cuda_emulator {

/// What the emulator finds wrong with a kernel.
enum class Fault {
  kRace,              ///< two accesses to one place that nothing orders, one of them a write
  kOutOfBounds,       ///< an access in no variable or buffer that device code may touch
  kMisaligned,        ///< an access that is not a multiple of its size from 0
  kDivergentBarrier,  ///< __syncthreads that not all threads of the block reach together
  kDivergentWarp,     ///< a warp operation that not all lanes of its mask reach
  kUnfinishedCopy,    ///< an access to what cp.async still fills, or an exit before its end
  kBadLaunch,         ///< a grid, block or shared memory that no device takes
};

/// One line: kernel, block, thread, and what it did where.
class EmulatorError : public std::runtime_error {
 public:
  EmulatorError(Fault fault, const std::string& what) : std::runtime_error(what), fault_(fault) {}

  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace kernels::cuda_emulator
