#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/optimizer.h"
#include "model/parameter.h"
#include "train/moments.h"

namespace train {

/// AdamW with decoupled weight decay and bias correction (Loshchilov and Hutter, arXiv 1711.05101),
/// by LibTorch's fused kernel. Clipping is folded into it as the scale that it divides gradients
/// by, so that only the norm takes a pass of its own. bf16 and fp16 parameters get fp32 master
/// weights: their gradients are widened AdamWOptions::widened_elements at a time. The kernel always
/// corrects the moments' bias: without it the number of updates is infinite from the beginning,
/// which makes both corrections exactly 1.
class AdamW : public model::Optimizer {
 public:
  AdamW(std::vector<model::Parameter> parameters, const model::AdamWOptions& options);

  void step(std::optional<double> max_norm) override;
  void zero_grad() override;
  at::Tensor master(int64_t index) const override {
    return moments_.empty() ? at::Tensor() : moments_.at(static_cast<size_t>(index)).master;
  }
  void set_learning_rate(double learning_rate) override { options_.learning_rate = learning_rate; }
  double learning_rate() const override { return options_.learning_rate; }
  std::vector<model::StateTensor> state() override;

 private:
  /// What one call of the fused kernel updates.
  struct Lists {
    std::vector<at::Tensor> values;
    std::vector<at::Tensor> gradients;
    std::vector<at::Tensor> first_moments;
    std::vector<at::Tensor> second_moments;
  };

  /// What the parameters of a call have in common.
  struct Scales {
    double weight_decay = 0;
    std::optional<at::Tensor> gradient_divisor;  ///< fp32 scalar; none: 1
  };

  void create_state();
  void step_group(bool decays, const std::optional<at::Tensor>& gradient_divisor);
  /// Updates what `lists` holds.
  void update(const Lists& lists, const Scales& scales) const;
  /// Updates the masters of a reduced parameter, and rounds them to it.
  void update_reduced(const at::Tensor& parameter, const Moments& moments,
                      const Scales& scales) const;

  std::vector<model::Parameter> parameters_;
  model::AdamWOptions options_;
  std::vector<Moments> moments_;  ///< empty before the first step
  at::Tensor step_count_;         ///< fp32 scalar, on the parameters' device
};

}  // namespace train
