#pragma once

#include "kernels/layer/attention.h"

namespace kernels {

/// Self-attention with its scores and probabilities as tensors, by batched products: the context
/// [rows, hidden] from the packed QKV product `qkv` [rows, 3 hidden], without its bias `bias`. With
/// `keep` fills saved.qkv, saved.probabilities and saved.dropped.
at::Tensor materialized_attention(const LayerCall& call, const at::Tensor& bias, at::Tensor qkv,
                                  bool keep, SavedTensors& saved);

/// The packed QKV product's gradient [rows, 3 hidden] from `d_context` [rows, hidden]. `spare`
/// [rows, hidden] is written over.
at::Tensor materialized_attention_backward(const AttentionBackward& attention, at::Tensor d_context,
                                           at::Tensor spare);

}  // namespace kernels
