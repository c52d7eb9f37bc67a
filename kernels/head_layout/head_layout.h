#pragma once

#include <cstdint>

namespace kernels {

/// Sizes of attention's tensors; hidden = heads * head_dim.
struct HeadShape {
  int64_t batch;
  int64_t sequence;
  int64_t heads;
  int64_t head_dim;
};

/// output[3][batch, heads, sequence, head_dim] = input + bias, split into Q, K, V and by head;
/// input [batch * sequence, 3 * hidden] is the packed QKV GEMM's output, bias [3 * hidden].
template <class T>
struct SplitHeadsForward {
  T* output;
  const T* input;
  const T* bias;
  HeadShape shape;
};

/// d_input [batch * sequence, 3 * hidden] from d_output [3][batch, heads, sequence, head_dim];
/// d_bias [3 * hidden] = column sums. `partials`: column_partials_size(3 * hidden) floats.
template <class T>
struct SplitHeadsBackward {
  T* d_input;
  T* d_bias;
  const T* d_output;
  HeadShape shape;
  float* partials;
  bool stochastic = false;
};

/// output [batch * sequence, hidden] from input [batch, heads, sequence, head_dim].
template <class T>
struct MergeHeads {
  T* output;
  const T* input;
  HeadShape shape;
};

/// The transpose of MergeHeads: output [batch, heads, sequence, head_dim] from
/// input [batch * sequence, hidden].
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

}  // namespace kernels
