#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "kernels/adamw/adamw.h"

namespace kernels {

template <class T>
int64_t total_count(std::span<const AdamWTensor<T>> tensors) {
  int64_t total = 0;
  for (const AdamWTensor<T>& tensor : tensors) total += tensor.count;
  return total;
}

/// body(tensor, first, last) for every range of a tensor's elements that elements [begin, end) of
/// all tensors, one behind the other, consist of: threads share a list of tensors of any sizes
/// evenly.
template <class T, class Body>
void for_each_piece(std::span<const AdamWTensor<T>> tensors, int64_t begin, int64_t end,
                    const Body& body) {
  for (const AdamWTensor<T>& tensor : tensors) {
    if (end <= 0) return;
    const int64_t first = std::max<int64_t>(begin, 0);
    const int64_t last = std::min(end, tensor.count);
    if (first < last) body(tensor, first, last);
    begin -= tensor.count;
    end -= tensor.count;
  }
}

}  // namespace kernels
