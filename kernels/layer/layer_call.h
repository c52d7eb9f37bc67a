#pragma once

#include <cstdint>
#include <vector>

#include "kernels/core/dropout_stream.h"
#include "kernels/core/gelu.h"
#include "kernels/head_layout/head_layout.h"
#include "model/bert_config.h"
#include "model/dropout_source.h"
#include "model/implementation.h"
#include "model/sequence_layout.h"

namespace kernels {

/// Everything but tensors that one forward of a fused encoder layer, and its backward, need.
struct LayerCall {
  HeadShape heads{};
  int64_t intermediate = 0;
  float eps = 0;
  Gelu gelu = Gelu::kErf;
  bool pre_layer_norm = false;
  model::LayerFlags flags;
  std::vector<int64_t> lengths;  ///< [batch]
  DropoutStream attention_dropout;
  DropoutStream attention_output_dropout;
  DropoutStream layer_output_dropout;

  int64_t rows() const { return heads.batch * heads.sequence; }
  int64_t hidden() const { return heads.heads * heads.head_dim; }
  int64_t matrices() const { return heads.batch * heads.heads; }
  float score_scale() const;
};

/// Dropout streams are disabled where `training` does not hold.
LayerCall make_layer_call(const model::BertConfig& config, int64_t layer,
                          const model::LayerFlags& flags, const model::SequenceLayout& layout,
                          const model::DropoutSource& dropout, bool training);

/// The operators' stream of what the model names by a key.
DropoutStream dropout_stream(const model::DropoutKey& key, double probability,
                             const model::SequenceLayout& layout);

}  // namespace kernels
