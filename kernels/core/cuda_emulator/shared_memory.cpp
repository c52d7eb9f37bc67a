#include "kernels/core/cuda_emulator/shared_memory.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace kernels::cuda_emulator {
namespace {

/// What CUDA promises for `extern __shared__` arrays that ask for it.
constexpr size_t kDynamicAlignment = 16;

}  // namespace

SharedMemory::SharedMemory()
    : memory_(kCapacity / kGuard),
      shadow_(kCapacity / 2),
      begin_(reinterpret_cast<uintptr_t>(memory_.data())) {}

void SharedMemory::begin_block(size_t dynamic_bytes) {
  variables_.clear();
  end_ = 0;
  add(nullptr, dynamic_bytes, kDynamicAlignment);
}

bool SharedMemory::add(const void* tag, size_t bytes, size_t alignment) {
  // Cells are of two bytes. Beyond a guard all alignments are alike.
  const size_t begin = end_ + kGuard + std::clamp<size_t>(alignment, 2, kGuard);
  if (begin + bytes + 2 * kGuard > kCapacity) return false;
  variables_.push_back({tag, begin, bytes});
  std::memset(at(begin), 0xff, bytes);
  end_ = (begin + bytes + kGuard - 1) / kGuard * kGuard;
  return true;
}

void* SharedMemory::variable(const void* tag, size_t bytes, size_t alignment) {
  const auto known = std::find_if(variables_.begin(), variables_.end(),
                                  [&](const Variable& v) { return v.tag == tag; });
  if (known != variables_.end()) return at(known->begin);
  const size_t in_static =
      std::accumulate(variables_.begin() + 1, variables_.end(), bytes,
                      [](size_t sum, const Variable& v) { return sum + v.bytes; });
  if (in_static > kStaticLimit || in_static + variables_[0].bytes > kLimit) return nullptr;
  if (!add(tag, bytes, alignment)) return nullptr;
  return at(variables_.back().begin);
}

bool SharedMemory::holds(uintptr_t address, size_t bytes) const {
  const size_t offset = address - begin_;
  return std::any_of(variables_.begin(), variables_.end(), [&](const Variable& v) {
    return offset >= v.begin && offset + bytes <= v.begin + v.bytes;
  });
}

SharedMemory::Place SharedMemory::place(uintptr_t address) const {
  const size_t offset = address - begin_;
  size_t nearest = 0;
  for (size_t i = 1; i < variables_.size(); ++i) {
    // Half a guard zone belongs to the variable behind it.
    if (offset + kGuard / 2 >= variables_[i].begin) nearest = i;
  }
  const Variable& variable = variables_[nearest];
  return {nearest, static_cast<ptrdiff_t>(offset) - static_cast<ptrdiff_t>(variable.begin),
          variable.bytes};
}

}  // namespace kernels::cuda_emulator
