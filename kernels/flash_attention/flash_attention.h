#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/dropout_stream.h"

namespace kernels {

/// Where each sequence lies in the packed row dimension, on the host. A padded batch has
/// offsets[b] = b * sequence and lengths[b] <= sequence; a packed one has the prefix sums of its
/// lengths. hidden = heads * head_dim.
struct AttentionRows {
  const int64_t* offsets;  ///< [batch + 1] first row of each sequence, offsets[0] = 0
  /// [batch] keys that take part: the first lengths[b] rows of the sequence. All of its rows where
  /// it is 0, as under an additive mask, or more than there are.
  const int64_t* lengths;
  int64_t batch;
  int64_t heads;
  int64_t head_dim;
  // CUDA: `offsets` and `lengths` in the device's memory, too.
  const int64_t* device_offsets = nullptr;
  const int64_t* device_lengths = nullptr;
};

/// For every sequence and head, with (q, k, v) = qkv + bias of the head's columns:
///
///   S = scale * q k^T;  P = softmax(S) over the keys that take part;  context = dropout(P) v
///   log_sum_exp = log(sum over those keys of exp(S))
///
/// for all rows of the sequence, also those that are no keys. No [sequence, sequence] tensor is
/// held: a block of rows at a time is in scratch. The dropout bit of P[row, key] is that of
/// core/dropout_stream.h, row and key counted within the sequence, so packed and padded batches
/// give the same bits. Sums and statistics are float; bfloat16 rounds q, k, v, the exponentials and
/// the result. The bits do not depend on the number of threads.
template <class T>
struct FlashAttentionForward {
  T* context;          ///< [rows, hidden], heads merged
  float* log_sum_exp;  ///< [heads, rows]
  const T* qkv;        ///< [rows, 3 * hidden], the packed QKV product without its bias
  const T* bias;       ///< [3 * hidden]
  AttentionRows rows;
  float scale;
  DropoutStream stream;
  int threads = 0;            ///< 0: omp_get_max_threads()
  void* workspace = nullptr;  ///< flash_attention_forward_workspace_bytes(), best aligned to 64
};

/// From qkv, bias, forward's outputs and the gradient of `context`, P and the dropout bits are
/// computed again, by blocks of rows:
///
///   dP = dropout(d_context v^T);  dS = P * (dP - sum over columns of d_context * context)
///   dv = dropout(P)^T d_context;  dq = scale * dS k;  dk = scale * dS^T q
///
/// k and v rows that took no part get 0. d_bias are the column sums of d_qkv before its rounding
/// to T, in an order that depends on the batch alone (there is no stochastic form: the order costs
/// nothing here). `d_qkv` may be `qkv`: the slices of a sequence and head are read before they are
/// written. Otherwise outputs overlap nothing.
template <class T>
struct FlashAttentionBackward {
  T* d_qkv;                  ///< [rows, 3 * hidden]
  T* d_bias;                 ///< [3 * hidden]
  const T* d_context;        ///< [rows, hidden]
  const T* context;          ///< [rows, hidden], forward's
  const float* log_sum_exp;  ///< [heads, rows], forward's
  const T* qkv;
  const T* bias;
  AttentionRows rows;
  float scale;
  DropoutStream stream;
  float* partials;  ///< column_partials_size(3 * hidden) floats; CUDA: see below
  int threads = 0;
  void* workspace = nullptr;  ///< flash_attention_backward_workspace_bytes(); CUDA: see below
};

/// Bytes of workspace for T = float or bfloat16: linear in the longest sequence's rows and in the
/// threads (0: omp_get_max_threads()); `lengths` are not read.
template <class T>
int64_t flash_attention_forward_workspace_bytes(const AttentionRows& rows, int threads);
template <class T>
int64_t flash_attention_backward_workspace_bytes(const AttentionRows& rows, int threads);

/// Both allocate nothing.
template <class T>
void flash_attention_forward(const FlashAttentionForward<T>& args);
template <class T>
void flash_attention_backward(const FlashAttentionBackward<T>& args);

// CUDA: float, float16 and bfloat16. The 16-bit types go to tensor cores where head_dim is a
// multiple of 8 up to 128, qkv, context and their gradients are aligned to 16 bytes, and the device
// has compute capability 8.0.

inline constexpr int64_t kCudaLargestHeadDim = 256;

/// Floats of `partials` and bytes of `workspace` of the backward pass; the forward pass needs none.
/// `rows`' pointers into the device's memory are not read.
int64_t cuda_flash_attention_partials_size(const AttentionRows& rows);
template <class T>
int64_t cuda_flash_attention_backward_workspace_bytes(const AttentionRows& rows);

/// Throw std::invalid_argument for a head_dim over kCudaLargestHeadDim. `threads` is not read.
template <class T>
void flash_attention_forward(const FlashAttentionForward<T>& args, CudaStream stream);
template <class T>
void flash_attention_backward(const FlashAttentionBackward<T>& args, CudaStream stream);

}  // namespace kernels
