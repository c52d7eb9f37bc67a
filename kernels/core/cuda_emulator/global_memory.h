#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "kernels/core/cuda_emulator/shadow.h"

namespace kernels::cuda_emulator {

/// The buffers in the device's memory that a program has registered, and who last touched what in
/// them. One for the process.
class GlobalMemory {
 public:
  struct Buffer {
    uintptr_t begin;
    size_t bytes;
    std::string name;
    std::unique_ptr<ShadowCell[]> shadow;

    bool holds(uintptr_t address, size_t count) const {
      return address >= begin && address + count <= begin + bytes;
    }
    ShadowCell* cell(uintptr_t address) { return shadow.get() + (address - begin) / 2; }
  };

  static GlobalMemory& instance();

  /// [begin, begin + bytes) overlaps no other buffer; `begin` is even.
  void add(const void* begin, size_t bytes, std::string name);
  void remove(const void* begin);

  /// The buffer that holds all of [address, address + bytes), or null.
  Buffer* find(uintptr_t address, size_t bytes);

  /// The buffer that begins last at or before `address`, for messages; or null.
  const Buffer* before(uintptr_t address) const;

 private:
  std::map<uintptr_t, Buffer> buffers_;
  Buffer* last_found_ = nullptr;
};

}  // namespace kernels::cuda_emulator
