#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/sequence_rows.h"

namespace kernels {

/// Sizes of attention's tensors; hidden = heads * head_dim. "By head" is a [rows, hidden] tensor
/// whose rows of sequence b lie as [heads, sequences.length(b), head_dim] in the place of that
/// sequence's rows: for sequences of one length [batch, heads, sequence, head_dim].
/// T below: float or bfloat16, with a stream float16, too.
struct HeadShape {
  SequenceRows sequences;
  int64_t heads;
  int64_t head_dim;
};

/// output[3][rows, hidden] by head = input + bias, split into Q, K and V;
/// input [rows, 3 * hidden] is the packed QKV GEMM's output, bias [3 * hidden].
template <class T>
struct SplitHeadsForward {
  T* output;
  const T* input;
  const T* bias;
  HeadShape shape;
};

/// d_input [rows, 3 * hidden] from d_output [3][rows, hidden] by head;
/// d_bias [3 * hidden] = column sums. `partials`: column_partials_size(3 * hidden) floats, with a
/// stream cuda_column_partials_size(rows, 3 * hidden).
template <class T>
struct SplitHeadsBackward {
  T* d_input;
  T* d_bias;
  const T* d_output;
  HeadShape shape;
  float* partials;
  bool stochastic = false;
};

/// output [rows, hidden] from input, the same by head.
template <class T>
struct MergeHeads {
  T* output;
  const T* input;
  HeadShape shape;
};

/// The inverse of MergeHeads: output [rows, hidden] by head from input [rows, hidden].
template <class T>
struct UnmergeHeads {
  T* output;
  const T* input;
  HeadShape shape;
};

template <class T>
void split_heads_forward(const SplitHeadsForward<T>& args);
template <class T>
void split_heads_backward(const SplitHeadsBackward<T>& args);
template <class T>
void merge_heads(const MergeHeads<T>& args);
template <class T>
void unmerge_heads(const UnmergeHeads<T>& args);

template <class T>
void split_heads_forward(const SplitHeadsForward<T>& args, CudaStream stream);
template <class T>
void split_heads_backward(const SplitHeadsBackward<T>& args, CudaStream stream);
template <class T>
void merge_heads(const MergeHeads<T>& args, CudaStream stream);
template <class T>
void unmerge_heads(const UnmergeHeads<T>& args, CudaStream stream);

}  // namespace kernels
