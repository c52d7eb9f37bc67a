#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/optimizer.h"
#include "model/parameter.h"
#include "train/moments.h"

namespace train {

/// Defaults as DeepSpeed's FusedLamb has them.
struct LambOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  bool eps_inside_sqrt = false;
  double weight_decay = 0;  ///< of parameters that decay
  bool bias_correction = true;
  double max_coefficient = 10;    ///< upper bound of a parameter's trust ratio
  double min_coefficient = 0.01;  ///< lower bound of it
};

/// LAMB (You et al., arXiv 1904.00962, algorithm 2) with the bounds of DeepSpeed's FusedLamb. For
/// every parameter as the model stores it (a packed Q, K, V is one), t being the update's number:
///
///     m <- beta1 m + (1 - beta1) g
///     v <- beta2 v + (1 - beta2) g^2
///     u  = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + weight_decay w
///     w <- w - learning_rate r u,    r = min(max(|w| / |u|, min_coefficient), max_coefficient)
///
/// r is 1 where w or u is all zero. With `eps_inside_sqrt` the root is of v / (1 - beta2^t) + eps;
/// without bias correction both divisors (1 - beta^t) are 1. bf16 and fp16 parameters get fp32
/// masters. By LibTorch's operators, not on meta, after its clipping, which rewrites the gradients.
class Lamb final : public model::Optimizer {
 public:
  Lamb(std::vector<model::Parameter> parameters, const LambOptions& options);

  void step(std::optional<double> max_norm) override;
  void zero_grad() override;
  at::Tensor master(int64_t index) const override;
  void set_learning_rate(double learning_rate) override { options_.learning_rate = learning_rate; }
  double learning_rate() const override { return options_.learning_rate; }
  std::vector<model::StateTensor> state() override;

 private:
  void create_state();
  void update(const model::Parameter& parameter, const Moments& moments) const;

  std::vector<model::Parameter> parameters_;
  LambOptions options_;
  std::vector<Moments> moments_;  ///< empty before the first step
  int64_t updates_ = 0;
};

}  // namespace train
