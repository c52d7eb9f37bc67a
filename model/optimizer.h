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

/// A named part of an optimizer's state. The tensor shares its memory: copying values into it
/// restores the state. It is valid as long as the optimizer stays where it is.
struct StateTensor {
  std::string name;  ///< unique in the optimizer, e.g. "first_moment.pooler.weight"
  at::Tensor tensor;
};

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

  /// Of the updates from now on.
  virtual void set_learning_rate(double learning_rate) = 0;
  virtual double learning_rate() const = 0;

  /// All that an update reads besides the parameters, their gradients and the options: moments,
  /// masters that are not parameters, the number of updates. Copied into another optimizer's, with
  /// the parameters, it makes that one go on to the same bits. Allocates the state if there is none
  /// yet.
  virtual std::vector<StateTensor> state() = 0;
};

/// Defaults as BingBertSquad trains: lr 3e-5, decay 0.01 on matrices and embeddings.
struct AdamWOptions {
  double learning_rate = 3e-5;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0.01;   ///< of parameters that decay
  bool bias_correction = true;  ///< moments are divided by 1 - beta^t
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
