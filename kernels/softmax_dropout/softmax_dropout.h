#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/dropout_stream.h"

namespace kernels {

/// probabilities = softmax(scale * scores + mask) by rows of [batch, heads, sequence, sequence],
/// dropped = dropout(probabilities), the probabilities rounded to T first so that recomputing
/// `dropped` from them gives the same bits.
/// Mask: key positions >= lengths[b] get probability 0, which is what an additive -10000 gives. A
/// sequence of length 0 attends to all positions, as it does under an additive mask.
/// `probabilities` may be `scores`; `dropped` may be null (no dropout, or recomputed later), and
/// may be `scores` if `probabilities` is not.
/// T: float or bfloat16, with a stream float16, too; `lengths` then lies in the device's memory.
template <class T>
struct SoftmaxDropoutForward {
  T* probabilities;
  T* dropped;
  const T* scores;
  const int64_t* lengths;  ///< [batch]
  int64_t batch;
  int64_t heads;
  int64_t sequence;
  float scale;
  DropoutStream stream;
};

/// dP = dropout(d_dropped);  d_scores = scale * P * (dP - sum over columns of dP * P).
/// Needs the softmax output only. `d_scores` may be `d_dropped`.
template <class T>
struct SoftmaxDropoutBackward {
  T* d_scores;
  const T* d_dropped;
  const T* probabilities;
  const int64_t* lengths;  ///< [batch]
  int64_t batch;
  int64_t heads;
  int64_t sequence;
  float scale;
  DropoutStream stream;
};

template <class T>
void softmax_dropout_forward(const SoftmaxDropoutForward<T>& args);
template <class T>
void softmax_dropout_backward(const SoftmaxDropoutBackward<T>& args);

template <class T>
void softmax_dropout_forward(const SoftmaxDropoutForward<T>& args, CudaStream stream);
template <class T>
void softmax_dropout_backward(const SoftmaxDropoutBackward<T>& args, CudaStream stream);

}  // namespace kernels
