#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/optimizer.h"
#include "model/parameter.h"
#include "train/config/engine_config.h"
#include "train/parallel/communicator.h"

namespace train {

/// Elements [begin, end) of a parameter, the parameter's memory being contiguous.
struct ParameterSlice {
  size_t parameter = 0;
  int64_t begin = 0;
  int64_t end = 0;
};

/// What each of `processes` holds the optimizer state of: all elements of all parameters in order,
/// cut into parts that differ by one element at most, whatever the parameters' sizes.
std::vector<std::vector<ParameterSlice>> partition(const std::vector<model::Parameter>& parameters,
                                                   int processes);

/// ZeRO's stage 1 (Rajbhandari et al., arXiv 1910.02054): each process updates its part of the
/// parameters by an optimizer of its own, which has the state of that part alone, and the updated
/// parts are exchanged. For optimizers that update an element by itself; clipping is by the norm of
/// all gradients. step() and master() are called by all processes together, with the same (summed)
/// gradients. Unlike others, clipping waits for the device.
class ZeroOptimizer final : public model::Optimizer {
 public:
  using Make =
      std::function<std::unique_ptr<model::Optimizer>(std::vector<model::Parameter> parameters)>;

  /// `make`: the optimizer of a process's part, whose parameters are slices "name[begin:end]" that
  /// share the parameters' memory. `communicator` must outlive this.
  ZeroOptimizer(std::vector<model::Parameter> parameters, const Make& make,
                Communicator& communicator, int64_t widened_elements = int64_t{1} << 19);

  void step(std::optional<double> max_norm) override;
  void zero_grad() override;
  at::Tensor master(int64_t index) const override;
  void set_learning_rate(double learning_rate) override {
    optimizer_->set_learning_rate(learning_rate);
  }
  double learning_rate() const override { return optimizer_->learning_rate(); }

  /// Of this process's part.
  std::vector<model::StateTensor> state() override;

 private:
  const std::vector<ParameterSlice>& own() const {
    return parts_[static_cast<size_t>(communicator_.rank())];
  }
  at::Tensor values(const ParameterSlice& slice) const;
  void take_gradients() const;
  void clip(double max_norm) const;
  void exchange_parameters() const;

  std::vector<model::Parameter> parameters_;
  Communicator& communicator_;
  int64_t widened_elements_;
  std::vector<std::vector<ParameterSlice>> parts_;  ///< of all processes
  std::vector<model::Parameter> slices_;            ///< own(), as the optimizer has them
  std::unique_ptr<model::Optimizer> optimizer_;
  bool has_state_ = false;
};

/// Makes ZeroOptimizers around those of `make`. Throws std::invalid_argument where an optimizer of
/// `kind` cannot be partitioned.
ZeroOptimizer::Make zero_maker(OptimizerKind kind, ZeroOptimizer::Make make,
                               Communicator& communicator);

}  // namespace train
