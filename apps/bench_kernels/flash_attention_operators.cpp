#include <algorithm>
#include <cmath>

#include "apps/bench_kernels/composition.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/padded_rows.h"
#include "apps/bench_kernels/streams.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/flash_attention/flash_attention.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

/// float: three products and a softmax in other orders. bfloat16: probabilities, their gradients
/// and the context are rounded before the next product takes them.
constexpr Agreement kAttention = {{5e-6, 5e-6}, {1.8e-2, 1.8e-2}};

/// FLOPs of one of attention's products, over all heads.
int64_t product_flops(const Setting& setting) {
  return 2 * setting.matrices() * setting.sequence * setting.sequence * setting.head_dim();
}

/// From the packed QKV product and its bias to the merged context, [rows, hidden].
Composition attention(const Setting& setting) {
  return [setting](const Tensors& in) -> Tensors {
    const at::Tensor qkv =
        at::add(in[0], in[1])
            .view({setting.batch, setting.sequence, 3, setting.heads, setting.head_dim()})
            .permute({2, 0, 3, 1, 4});
    const at::Tensor context = at::scaled_dot_product_attention(
        qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2), {}, setting.dropout);
    return {context.transpose(1, 2).reshape({setting.rows(), setting.hidden})};
  };
}

/// What both directions take, and what forward leaves.
struct Attention {
  Setting setting;
  PaddedRows sequences;
  std::vector<int64_t> lengths;  ///< nothing is masked
  at::Tensor device_lengths;     ///< the same, where the operators may look them up
  at::Tensor qkv;
  at::Tensor bias;
  at::Tensor context;
  at::Tensor log_sum_exp;
  at::Tensor workspace;

  Attention(const Setting& wanted, RandomTensors& random)
      : setting(wanted),
        sequences(wanted),
        lengths(static_cast<size_t>(wanted.batch), wanted.sequence),
        device_lengths(full_lengths(wanted)),
        qkv(random({wanted.rows(), 3 * wanted.hidden})),
        bias(random({3 * wanted.hidden})),
        context(unwritten(wanted, {wanted.rows(), wanted.hidden})),
        log_sum_exp(unwritten_floats(wanted, {wanted.heads, wanted.rows()})) {
    kernels::run_operator(qkv, [&]<class T>(auto... stream) {
      workspace = kernels::allocate_bytes(qkv, workspace_bytes<T>(stream...));
    });
  }

  kernels::AttentionRows rows() const {
    const kernels::SequenceRows where = sequences.rows();
    return {where.offsets,
            lengths.data(),
            setting.batch,
            setting.heads,
            setting.head_dim(),
            where.on_device,
            data<int64_t>(device_lengths)};
  }
  template <class T>
  int64_t workspace_bytes() const {
    return std::max(kernels::flash_attention_forward_workspace_bytes<T>(rows(), 0),
                    kernels::flash_attention_backward_workspace_bytes<T>(rows(), 0));
  }
  template <class T>
  int64_t workspace_bytes(kernels::CudaStream /*stream*/) const {
    return kernels::cuda_flash_attention_backward_workspace_bytes<T>(rows());
  }
  /// Of the backward pass.
  at::Tensor partials() const {
    if (!kernels::runs_on_cuda(setting.device)) return column_partials(setting, 3 * setting.hidden);
    return unwritten_floats(setting, {kernels::cuda_flash_attention_partials_size(rows())});
  }
  float scale() const { return 1 / std::sqrt(static_cast<float>(setting.head_dim())); }

  void forward() const {
    kernels::run_operator(qkv, [&]<class T>(auto... stream) {
      kernels::flash_attention_forward<T>({.context = data<T>(context),
                                           .log_sum_exp = data<float>(log_sum_exp),
                                           .qkv = data<T>(qkv),
                                           .bias = data<T>(bias),
                                           .rows = rows(),
                                           .scale = scale(),
                                           .stream = attention_stream(setting),
                                           .workspace = workspace.data_ptr()},
                                          stream...);
    });
  }
};

/// Two products: scores and context.
Case flash_attention_forward(const Setting& setting) {
  RandomTensors random(setting);
  const Attention attention_of(setting, random);
  return {.fused = [attention_of] { attention_of.forward(); },
          .fused_outputs = {attention_of.context},
          .torch = torch_forward({attention_of.qkv, attention_of.bias}, attention(setting)),
          .work = 2 * product_flops(setting)};
}

/// Five products: the scores again, and the gradients of probabilities, values, queries and keys.
/// LibTorch's composition saves a tensor of probabilities where dropout is on, and does four.
Case flash_attention_backward(const Setting& setting) {
  RandomTensors random(setting);
  const Attention saved(setting, random);
  saved.forward();
  const at::Tensor d_context = random(saved.context.sizes());
  const at::Tensor d_qkv = unwritten(setting, saved.qkv.sizes());
  const at::Tensor d_bias = unwritten(setting, saved.bias.sizes());
  const at::Tensor partials = saved.partials();
  return {.fused =
              [=] {
                kernels::run_operator(d_qkv, [&]<class T>(auto... stream) {
                  kernels::flash_attention_backward<T>(
                      {.d_qkv = data<T>(d_qkv),
                       .d_bias = data<T>(d_bias),
                       .d_context = data<T>(d_context),
                       .context = data<T>(saved.context),
                       .log_sum_exp = data<float>(saved.log_sum_exp),
                       .qkv = data<T>(saved.qkv),
                       .bias = data<T>(saved.bias),
                       .rows = saved.rows(),
                       .scale = saved.scale(),
                       .stream = attention_stream(setting),
                       .partials = data<float>(partials),
                       .workspace = saved.workspace.data_ptr()},
                      stream...);
                });
              },
          .fused_outputs = {d_qkv, d_bias},
          .torch = torch_backward({saved.qkv, saved.bias}, attention(setting), {d_context}),
          .work = 5 * product_flops(setting)};
}

}  // namespace

std::vector<Operator> flash_attention_operators() {
  return {{"flash_attention/forward", flash_attention_forward, kAttention, WorkUnit::kFlops},
          {"flash_attention/backward", flash_attention_backward, kAttention, WorkUnit::kFlops}};
}

}  // namespace apps
