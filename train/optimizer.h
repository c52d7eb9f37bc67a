#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/optimizer.h"
#include "model/parameter.h"

namespace train {

/// Defaults as BingBertSquad trains: lr 3e-5, decay 0.01 on matrices and embeddings.
struct AdamWOptions {
  double learning_rate = 3e-5;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0.01;  ///< of parameters that decay
};

/// AdamW with decoupled weight decay and bias correction (Loshchilov and Hutter, arXiv 1711.05101),
/// by LibTorch's fused kernel. bf16 and fp16 parameters get fp32 master weights: their gradients
/// are widened one parameter at a time.
class AdamW : public model::Optimizer {
 public:
  AdamW(std::vector<model::Parameter> parameters, const AdamWOptions& options);

  void step() override;
  void zero_grad() override;

  /// The fp32 (fp64 for fp64) values behind parameter `index`; the parameter itself where it needs
  /// no master copy. Undefined before the first step for parameters with one.
  const at::Tensor& master(int64_t index) const { return state_.at(index).master; }

 private:
  struct State {
    at::Tensor master;
    at::Tensor first_moment;
    at::Tensor second_moment;
  };

  /// What one call of the fused kernel updates.
  struct Lists {
    std::vector<at::Tensor> values;
    std::vector<at::Tensor> gradients;
    std::vector<at::Tensor> first_moments;
    std::vector<at::Tensor> second_moments;
  };

  void create_state();
  void step_group(bool decays);
  /// Updates what `lists` holds, and empties it.
  void update(Lists& lists, double weight_decay) const;

  std::vector<model::Parameter> parameters_;
  AdamWOptions options_;
  std::vector<State> state_;
  at::Tensor step_count_;  ///< fp32 scalar, on the parameters' device
};

}  // namespace train
