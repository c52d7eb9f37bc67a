#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "kernels/core/dropout_stream.h"
#include "kernels/core/gelu.h"
#include "kernels/core/sequence_rows.h"
#include "kernels/head_layout/head_layout.h"
#include "model/bert_config.h"
#include "model/dropout_source.h"
#include "model/implementation.h"
#include "model/sequence_layout.h"

namespace kernels {

/// For how many columns of each LayerNorm CUDA keeps x_hat under normalize_invertible, at most.
struct KeptRoom {
  int64_t attention_norm = 0;
  int64_t output_norm = 0;
};

/// Everything but tensors that one forward of a fused encoder layer, and its backward, need.
struct LayerCall {
  int64_t heads = 0;
  int64_t head_dim = 0;
  int64_t intermediate = 0;
  float eps = 0;
  Gelu gelu = Gelu::kErf;
  bool pre_layer_norm = false;
  model::LayerFlags flags;
  std::vector<int64_t> lengths;  ///< [batch] real tokens
  std::vector<int64_t> offsets;  ///< [batch + 1] first row of each sequence
  at::Tensor device_rows;        ///< SequenceLayout's, on CUDA
  DropoutStream attention_dropout;
  DropoutStream attention_output_dropout;
  DropoutStream layer_output_dropout;
  KeptRoom kept_room;

  int64_t batch() const { return static_cast<int64_t>(lengths.size()); }
  int64_t rows() const { return offsets.back(); }
  int64_t hidden() const { return heads * head_dim; }
  SequenceRows sequences() const { return sequences(0, batch()); }
  /// `count` sequences from `first` on.
  SequenceRows sequences(int64_t first, int64_t count) const {
    const int64_t* on_device = device_offsets();
    return {offsets.data() + first, count, on_device == nullptr ? nullptr : on_device + first};
  }
  /// `offsets` and `lengths` in the device's memory; null on the CPU.
  const int64_t* device_offsets() const;
  const int64_t* device_lengths() const;
  HeadShape head_shape() const { return {sequences(), heads, head_dim}; }
  float score_scale() const;
};

/// Dropout streams are disabled where `training` does not hold.
LayerCall make_layer_call(const model::BertConfig& config, int64_t layer,
                          const model::LayerFlags& flags, const model::SequenceLayout& layout,
                          const model::DropoutSource& dropout, bool training);

/// SequenceLayout::device_rows as a pointer into the device's memory; null where it is undefined or
/// a plan's.
const int64_t* device_pointer(const at::Tensor& device_rows);

/// The operators' stream of what the model names by a key.
DropoutStream dropout_stream(const model::DropoutKey& key, double probability,
                             const model::SequenceLayout& layout);

}  // namespace kernels
