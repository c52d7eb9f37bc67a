#pragma once

#include <array>
#include <cstddef>

#include <ATen/core/Tensor.h>

namespace kernels {

/// The twelve parameters of a layer, or their gradients. In Pre-LN `output_norm` normalizes the
/// layer's input and `attention_norm` the feed-forward's, as DeepSpeed's norm_w and attn_nw do.
struct LayerWeights {
  at::Tensor qkv_weight;             ///< [3 hidden, hidden], rows Q; K; V
  at::Tensor qkv_bias;               ///< [3 hidden]
  at::Tensor attention_weight;       ///< [hidden, hidden]
  at::Tensor attention_bias;         ///< [hidden]
  at::Tensor attention_norm_weight;  ///< [hidden]
  at::Tensor attention_norm_bias;    ///< [hidden]
  at::Tensor intermediate_weight;    ///< [intermediate, hidden]
  at::Tensor intermediate_bias;      ///< [intermediate]
  at::Tensor output_weight;          ///< [hidden, intermediate]
  at::Tensor output_bias;            ///< [hidden]
  at::Tensor output_norm_weight;     ///< [hidden]
  at::Tensor output_norm_bias;       ///< [hidden]

  static constexpr size_t kCount = 12;

  /// In the order of the members.
  std::array<at::Tensor, kCount> tensors() const {
    return {qkv_weight,
            qkv_bias,
            attention_weight,
            attention_bias,
            attention_norm_weight,
            attention_norm_bias,
            intermediate_weight,
            intermediate_bias,
            output_weight,
            output_bias,
            output_norm_weight,
            output_norm_bias};
  }
  static LayerWeights from(const at::Tensor* tensors) {
    return {tensors[0], tensors[1], tensors[2], tensors[3], tensors[4],  tensors[5],
            tensors[6], tensors[7], tensors[8], tensors[9], tensors[10], tensors[11]};
  }
};

}  // namespace kernels
