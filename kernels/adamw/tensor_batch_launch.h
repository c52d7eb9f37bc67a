#pragma once

#include <span>

#include "kernels/adamw/tensor_batch.cuh"

namespace kernels {

/// run(batch, its blocks) for the tensors that have elements, in order, as many at a time as a
/// launch takes.
template <class T, class Run>
void for_each_batch(std::span<const AdamWTensor<T>> tensors, const Run& run) {
  TensorBatch<T> batch = {};
  const auto finish = [&] {
    if (batch.count > 0) run(batch, batch.first_block[batch.count]);
    batch.count = 0;
  };
  for (const AdamWTensor<T>& tensor : tensors) {
    if (tensor.count == 0) continue;
    const int64_t blocks = (tensor.count + kBatchBlockElements - 1) / kBatchBlockElements;
    batch.tensors[batch.count] = tensor;
    batch.first_block[batch.count + 1] =
        batch.first_block[batch.count] + static_cast<uint32_t>(blocks);
    if (++batch.count == kBatchTensors) finish();
  }
  finish();
}

}  // namespace kernels
