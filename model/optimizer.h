#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/parameter.h"

namespace model {

/// Updates the parameters it was made for from their gradients.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One update, as if all gradients had first been scaled by min(1, max_norm / (norm + 1e-6)),
  /// norm being the L2 norm of all of them together (torch.nn.utils.clip_grad_norm_); not scaled
  /// without `max_norm`. Afterwards the gradients may hold their scaled values or what they held.
  /// Parameters without a gradient are left alone. State is allocated at the first step. Never
  /// waits for the device.
  virtual void step(std::optional<double> max_norm) = 0;

  /// Drop all gradients (freed, not zeroed).
  virtual void zero_grad() = 0;

  /// The fp32 (fp64 for fp64) values that parameter `index` is rounded from: the parameter itself
  /// where it is as wide, else a copy or the optimizer's own. Undefined before the first step.
  virtual at::Tensor master(int64_t index) const = 0;
};

/// Defaults as BingBertSquad trains: lr 3e-5, decay 0.01 on matrices and embeddings.
struct AdamWOptions {
  double learning_rate = 3e-5;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0.01;  ///< of parameters that decay
  /// How many bf16 or fp16 gradients LibTorch's AdamW widens to fp32 at a time: on a CPU so few
  /// that the caches hold them until they are used; on a GPU, where a slice costs a launch, all of
  /// a parameter's.
  int64_t widened_elements = int64_t{1} << 19;
};

/// One way of computing AdamW, by name.
struct OptimizerEntry {
  std::string name;
  std::function<std::unique_ptr<Optimizer>(std::vector<Parameter> parameters,
                                           const AdamWOptions& options)>
      make;
};

}  // namespace model
