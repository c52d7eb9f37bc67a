#include "kernels/core/cuda_emulator/global_memory.h"

#include <utility>

namespace kernels::cuda_emulator {

GlobalMemory& GlobalMemory::instance() {
  static GlobalMemory memory;
  return memory;
}

void GlobalMemory::add(const void* begin, size_t bytes, std::string name) {
  const auto address = reinterpret_cast<uintptr_t>(begin);
  buffers_.emplace(address, Buffer{address, bytes, std::move(name),
                                   std::make_unique<ShadowCell[]>((bytes + 1) / 2)});
}

void GlobalMemory::remove(const void* begin) {
  last_found_ = nullptr;
  buffers_.erase(reinterpret_cast<uintptr_t>(begin));
}

GlobalMemory::Buffer* GlobalMemory::find(uintptr_t address, size_t bytes) {
  if (last_found_ != nullptr && last_found_->holds(address, bytes)) return last_found_;
  const auto after = buffers_.upper_bound(address);
  if (after == buffers_.begin()) return nullptr;
  Buffer& buffer = std::prev(after)->second;
  if (!buffer.holds(address, bytes)) return nullptr;
  last_found_ = &buffer;
  return last_found_;
}

const GlobalMemory::Buffer* GlobalMemory::before(uintptr_t address) const {
  const auto after = buffers_.upper_bound(address);
  return after == buffers_.begin() ? nullptr : &std::prev(after)->second;
}

}  // namespace kernels::cuda_emulator
