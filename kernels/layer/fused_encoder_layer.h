#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <c10/core/TensorOptions.h>

#include "kernels/layer/layer_call.h"
#include "kernels/layer/layer_weights.h"
#include "model/encoder_layer.h"
#include "model/implementation.h"

namespace kernels {

/// The encoder layer over the fused operators, with one packed QKV product. On the cpu in float or
/// bfloat16; on cuda, where the build has it, and on meta (plans) also in half.
class FusedEncoderLayer final : public model::EncoderLayer {
 public:
  /// Uninitialized parameters of `options`' dtype and device, requiring gradients.
  /// Throws c10::Error for an impossible config, c10::NotImplementedError for a dtype or device.
  FusedEncoderLayer(const model::BertConfig& config, int64_t index, const model::LayerFlags& flags,
                    const at::TensorOptions& options);

  /// The bits of dropout come from `dropout`'s keys, not from its apply.
  /// Throws c10::Error where `hidden` and `layout` do not fit together.
  at::Tensor forward(const at::Tensor& hidden, const model::SequenceLayout& layout,
                     const model::DropoutSource& dropout, bool training) const override;

  std::vector<model::Parameter> parameters() const override;
  std::vector<model::WeightView> weights() const override;

 private:
  void check_input(const at::Tensor& hidden, const model::SequenceLayout& layout) const;

  model::BertConfig config_;
  int64_t index_;
  model::LayerFlags flags_;
  LayerWeights weights_;
  mutable std::optional<KeptRoom> kept_room_;  ///< from the first forward pass on, where it is used
};

/// Why the layer has no form for CUDA, one line; empty where it has. For
/// model::Implementation::cuda_problem.
std::string fused_layer_cuda_problem(const model::BertConfig& config,
                                     const model::LayerFlags& flags);

/// As model::Implementation::make_layer wants it.
std::unique_ptr<model::EncoderLayer> make_fused_encoder_layer(const model::BertConfig& config,
                                                              int64_t index,
                                                              const model::LayerFlags& flags,
                                                              const at::TensorOptions& options);

}  // namespace kernels
