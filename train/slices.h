#pragma once

#include <algorithm>
#include <cstdint>

#include <ATen/core/Tensor.h>

namespace train {

/// Whether `values` are of a type that sums and updates are not computed in.
inline bool is_reduced(const at::Tensor& values) {
  return values.scalar_type() == at::kBFloat16 || values.scalar_type() == at::kHalf;
}

/// Calls `action(begin, count)` for pieces of at most `most` that cover [0, elements) in order.
template <class Action>
void for_each_slice(int64_t elements, int64_t most, Action&& action) {
  for (int64_t begin = 0; begin < elements;) {
    const int64_t count = std::min(most, elements - begin);
    action(begin, count);
    begin += count;
  }
}

/// Elements [begin, begin + count) of a contiguous tensor, as a vector that shares its memory.
inline at::Tensor slice(const at::Tensor& values, int64_t begin, int64_t count) {
  return values.view(-1).narrow(0, begin, count);
}

}  // namespace train
