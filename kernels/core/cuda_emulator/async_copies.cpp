#include "kernels/core/cuda_emulator/async_copies.h"

#include <algorithm>
#include <cstring>

#include "kernels/core/cuda_emulator/access.h"
#include "kernels/core/cuda_emulator/block.h"

namespace kernels::cuda_emulator {

void AsyncCopies::start(Thread& thread, void* target, const void* source, size_t bytes,
                        size_t source_bytes) {
  Copy copy = {target, bytes, group_, {}};
  if (source_bytes > 0) {
    check_access(thread, source, source_bytes, Access::kRead);
    std::memcpy(copy.data.data(), source, source_bytes);
  }
  check_aligned(thread, target, bytes);
  check_aligned(thread, source, bytes);
  check_access(thread, target, bytes, Access::kWrite);
  mark_in_flight(thread, target, bytes, true);
  copies_.push_back(copy);
}

void AsyncCopies::end_copies_before(Thread& thread, uint32_t group) {
  const auto ended = std::stable_partition(copies_.begin(), copies_.end(),
                                           [&](const Copy& copy) { return copy.group >= group; });
  for (auto copy = ended; copy != copies_.end(); ++copy) {
    mark_in_flight(thread, copy->target, copy->bytes, false);
    check_access(thread, copy->target, copy->bytes, Access::kWrite);
    std::memcpy(copy->target, copy->data.data(), copy->bytes);
  }
  copies_.erase(ended, copies_.end());
}

void AsyncCopies::wait(Thread& thread, uint32_t groups) {
  end_copies_before(thread, group_ > groups ? group_ - groups : 0);
}

void AsyncCopies::wait_all(Thread& thread) {
  commit();
  end_copies_before(thread, group_);
}

}  // namespace kernels::cuda_emulator
