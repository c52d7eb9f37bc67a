#pragma once

#include "kernels/flash_attention/flash_attention.h"
#include "kernels/layer/attention.h"

namespace kernels {

/// The rows of a call as the operator takes them.
AttentionRows attention_rows(const LayerCall& call);

/// Self-attention without a tensor of scores (kernels/flash_attention): the context [rows, hidden]
/// from the packed QKV product `qkv` [rows, 3 hidden], without its bias `bias`. With `keep` fills
/// saved.qkv and saved.log_sum_exp.
at::Tensor flash_self_attention(const LayerCall& call, const at::Tensor& bias, at::Tensor qkv,
                                bool keep, SavedTensors& saved);

/// The packed QKV product's gradient [rows, 3 hidden], in the place of saved.qkv, from `d_context`
/// [rows, hidden] and saved.context.
at::Tensor flash_self_attention_backward(const AttentionBackward& attention,
                                         const at::Tensor& d_context);

}  // namespace kernels
