#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/dropout_stream.h"
#include "kernels/core/sequence_rows.h"

namespace kernels {

/// output = input * keep / (1 - p) with the bits of `stream`, over blocks
/// [heads, sequences.length(b), columns], one after another for the sequences b (heads = 1 for
/// hidden states). Its own backward: call it on the gradient with the same stream.
/// The scale is 65536 / (65536 - threshold), the inverse of the exact keep probability.
/// Also the recomputation of attn_dropout_checkpoint. `output` may be `input`. T: float or
/// bfloat16, with a stream float16, too.
template <class T>
struct Dropout {
  T* output;
  const T* input;
  SequenceRows sequences;
  int64_t heads;
  int64_t columns;
  DropoutStream stream;
};

template <class T>
void dropout(const Dropout<T>& args);

template <class T>
void dropout(const Dropout<T>& args, CudaStream stream);

}  // namespace kernels
