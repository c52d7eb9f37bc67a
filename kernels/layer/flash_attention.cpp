#include "kernels/layer/flash_attention.h"

#include <utility>

#include <ATen/Parallel.h>

#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace kernels {
namespace {

/// FLOPs of one product over the rows and keys of every sequence; what backward computes again is
/// no work that the model asks for, so traces do not count it.
int64_t product_flops(const LayerCall& call) {
  const SequenceRows sequences = call.sequences();
  int64_t pairs = 0;
  for (int64_t b = 0; b < call.batch(); ++b) {
    const int64_t length = call.lengths[static_cast<size_t>(b)];
    pairs += sequences.length(b) * (length > 0 ? length : sequences.length(b));
  }
  return 2 * pairs * call.hidden();
}

/// Bytes of workspace for a pass over tensors like `like`; on CUDA the forward pass takes none.
int64_t forward_workspace_bytes(const at::Tensor& like, const AttentionRows& rows) {
  if (takes_cuda_workspace(like)) return 0;
  int64_t bytes = 0;
  CpuElements::with(like.scalar_type(), [&]<class T>() {
    bytes = flash_attention_forward_workspace_bytes<T>(rows, at::get_num_threads());
  });
  return bytes;
}
int64_t backward_workspace_bytes(const at::Tensor& like, const AttentionRows& rows) {
  int64_t bytes = 0;
  if (takes_cuda_workspace(like)) {
    CudaElements::with(like.scalar_type(), [&]<class T>() {
      bytes = cuda_flash_attention_backward_workspace_bytes<T>(rows);
    });
  } else {
    CpuElements::with(like.scalar_type(), [&]<class T>() {
      bytes = flash_attention_backward_workspace_bytes<T>(rows, at::get_num_threads());
    });
  }
  return bytes;
}

}  // namespace

AttentionRows attention_rows(const LayerCall& call) {
  return {.offsets = call.offsets.data(),
          .lengths = call.lengths.data(),
          .batch = call.batch(),
          .heads = call.heads,
          .head_dim = call.head_dim,
          .device_offsets = call.device_offsets(),
          .device_lengths = call.device_lengths()};
}

at::Tensor flash_self_attention(const LayerCall& call, const at::Tensor& bias, at::Tensor qkv,
                                bool keep, SavedTensors& saved) {
  at::Tensor context = allocate(qkv, {call.rows(), call.hidden()});
  const at::Tensor log_sum_exp = allocate_floats(qkv, call.heads * call.rows());
  const AttentionRows rows = attention_rows(call);
  const at::Tensor workspace = allocate_bytes(qkv, forward_workspace_bytes(qkv, rows));
  run_operator(
      qkv,
      [&]<class T>(auto... stream) {
        flash_attention_forward<T>({.context = data<T>(context),
                                    .log_sum_exp = data<float>(log_sum_exp),
                                    .qkv = data<T>(qkv),
                                    .bias = data<T>(bias),
                                    .rows = rows,
                                    .scale = call.score_scale(),
                                    .stream = call.attention_dropout,
                                    .threads = at::get_num_threads(),
                                    .workspace = workspace.data_ptr()},
                                   stream...);
      },
      2 * product_flops(call));
  if (keep) {
    saved.qkv = std::move(qkv);
    saved.log_sum_exp = log_sum_exp;
  }
  return context;
}

at::Tensor flash_self_attention_backward(const AttentionBackward& attention,
                                         const at::Tensor& d_context) {
  const LayerCall& call = attention.call;
  SavedTensors& saved = attention.saved;
  const at::Tensor qkv = saved.qkv;
  at::Tensor d_qkv = attention.memory.take(saved.qkv);
  const AttentionRows rows = attention_rows(call);
  const at::Tensor workspace = allocate_bytes(qkv, backward_workspace_bytes(qkv, rows));
  run_operator(
      qkv,
      [&]<class T>(auto... stream) {
        flash_attention_backward<T>({.d_qkv = data<T>(d_qkv),
                                     .d_bias = data<T>(attention.d_bias),
                                     .d_context = data<T>(d_context),
                                     .context = data<T>(saved.context),
                                     .log_sum_exp = data<float>(saved.log_sum_exp),
                                     .qkv = data<T>(qkv),
                                     .bias = data<T>(attention.bias),
                                     .rows = rows,
                                     .scale = call.score_scale(),
                                     .stream = call.attention_dropout,
                                     .partials = attention.partials,
                                     .threads = at::get_num_threads(),
                                     .workspace = workspace.data_ptr()},
                                    stream...);
      },
      4 * product_flops(call));
  attention.memory.free(saved.context);
  attention.memory.free(saved.log_sum_exp);
  return d_qkv;
}

}  // namespace kernels
