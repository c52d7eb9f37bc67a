#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/core/cuda_emulator/shadow.h"

namespace kernels::cuda_emulator {

/// The shared memory of the block that runs: its variables, NaN in every type to begin with, and
/// between them guard zones that belong to no variable.
class SharedMemory {
 public:
  static constexpr size_t kGuard = 256;
  static constexpr size_t kStaticLimit = 48 * 1024;  ///< what nvcc takes
  static constexpr size_t kLimit = 227 * 1024;       ///< of a block on the largest devices
  static constexpr size_t kCapacity = 2 * kLimit;    ///< guard zones included

  SharedMemory();

  /// Forgets all variables but the dynamic one of `dynamic_bytes`.
  void begin_block(size_t dynamic_bytes);

  /// The variable that `tag` names, made when the first thread asks for it; null where a device
  /// would have no room.
  /// Aligned to nothing more than `alignment`, so that kernels that assume more are found.
  void* variable(const void* tag, size_t bytes, size_t alignment);
  void* dynamic() { return at(variables_[0].begin); }

  bool contains(uintptr_t address) const { return address - begin_ < kCapacity; }

  /// Whether one variable holds all of [address, address + bytes).
  bool holds(uintptr_t address, size_t bytes) const;

  /// The cell of the two bytes at `address`; the next follow it.
  ShadowCell* cell(uintptr_t address) { return shadow_.data() + (address - begin_) / 2; }

  /// How messages call an address: the variable before it and the distance.
  struct Place {
    size_t variable;  ///< 0: the dynamic one, then in the order of their first use
    ptrdiff_t offset;
    size_t size;
  };
  Place place(uintptr_t address) const;

 private:
  struct Variable {
    const void* tag;
    size_t begin;
    size_t bytes;
  };

  bool add(const void* tag, size_t bytes, size_t alignment);

  struct alignas(kGuard) Line {
    std::byte bytes[kGuard];
  };

  std::byte* at(size_t offset) { return memory_.data()->bytes + offset; }

  std::vector<Line> memory_;
  std::vector<ShadowCell> shadow_;
  uintptr_t begin_;
  std::vector<Variable> variables_;
  size_t end_ = 0;
};

}  // namespace kernels::cuda_emulator
