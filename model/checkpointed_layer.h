#pragma once

#include <memory>
#include <vector>

#include "model/encoder_layer.h"

namespace model {

/// activation_checkpoint: an encoder layer that keeps nothing for backward but its input, and runs
/// its forward again there (Chen et al., arXiv 1604.06174). The backward inside is reentrant:
/// parameters accumulate their gradients in it. The recomputation draws the same dropout, from
/// keyed sources by their keys and from LibTorch's CPU generator by its saved state, so gradients
/// are bit-equal to the layer's own.
/// The layer and the DropoutSource must live until backward.
class CheckpointedLayer : public EncoderLayer {
 public:
  explicit CheckpointedLayer(std::unique_ptr<EncoderLayer> layer);

  at::Tensor forward(const at::Tensor& hidden, const SequenceLayout& layout,
                     const DropoutSource& dropout, bool training) const override;
  std::vector<Parameter> parameters() const override { return layer_->parameters(); }
  std::vector<WeightView> weights() const override { return layer_->weights(); }

 private:
  std::unique_ptr<EncoderLayer> layer_;
};

}  // namespace model
