#include "kernels/layer/flash_attention.h"

#include <source_location>
#include <utility>

#include <ATen/Parallel.h>

#include "kernels/flash_attention/flash_attention.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/dtype.h"
#include "kernels/tensor/operator_span.h"

namespace kernels {
namespace {

AttentionRows rows_of(const LayerCall& call) {
  return {.offsets = call.offsets.data(),
          .lengths = call.lengths.data(),
          .batch = call.batch(),
          .heads = call.heads,
          .head_dim = call.head_dim};
}

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

/// Calls `operation.template operator()<T>(threads, workspace)` with the bytes of workspace that
/// `size.template operator()<T>(threads)` says. In a plan for the CPU they are allocated and
/// nothing is called; in one for CUDA nothing happens. To a trace the operator has the name of the
/// function that runs it, and `flops`.
template <class Size, class Operation>
void with_workspace(const at::Tensor& like, int64_t flops, const Size& size,
                    const Operation& operation,
                    const std::source_location& where = std::source_location::current()) {
  if (stands_for_cuda(like)) return;
  with_element_type(like, [&]<class T>() {
    const int threads = at::get_num_threads();
    const at::Tensor workspace = allocate_bytes(like, size.template operator()<T>(threads));
    if (like.is_meta()) return;
    const OperatorSpan span(where, flops);
    operation.template operator()<T>(threads, workspace.data_ptr());
  });
}

}  // namespace

at::Tensor flash_self_attention(const LayerCall& call, const at::Tensor& bias, at::Tensor qkv,
                                bool keep, SavedTensors& saved) {
  at::Tensor context = allocate(qkv, {call.rows(), call.hidden()});
  const at::Tensor log_sum_exp = allocate_floats(qkv, call.heads * call.rows());
  const AttentionRows rows = rows_of(call);
  with_workspace(
      qkv, 2 * product_flops(call),
      [&]<class T>(int threads) {
        return flash_attention_forward_workspace_bytes<T>(rows, threads);
      },
      [&]<class T>(int threads, void* workspace) {
        flash_attention_forward<T>({.context = data<T>(context),
                                    .log_sum_exp = data<float>(log_sum_exp),
                                    .qkv = data<T>(qkv),
                                    .bias = data<T>(bias),
                                    .rows = rows,
                                    .scale = call.score_scale(),
                                    .stream = call.attention_dropout,
                                    .threads = threads,
                                    .workspace = workspace});
      });
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
  const AttentionRows rows = rows_of(call);
  with_workspace(
      qkv, 4 * product_flops(call),
      [&]<class T>(int threads) {
        return flash_attention_backward_workspace_bytes<T>(rows, threads);
      },
      [&]<class T>(int threads, void* workspace) {
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
                                     .threads = threads,
                                     .workspace = workspace});
      });
  attention.memory.free(saved.context);
  attention.memory.free(saved.log_sum_exp);
  return d_qkv;
}

}  // namespace kernels
