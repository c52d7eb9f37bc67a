#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "kernels/adamw/adamw.h"
#include "model/optimizer.h"

namespace kernels {

/// AdamW by kernels/adamw, in one pass over parameters, gradients and state; clipping takes one
/// pass over the gradients more, which are not written. Moments are fp32. bf16 parameters keep the
/// lower halves of their fp32 masters besides (2 bytes an element), so that the parameter and those
/// are the master. fp32 and bf16 on the CPU, fp16 with whole masters on CUDA, too; on meta it
/// allocates the same state and computes nothing.
class FusedAdamW final : public model::Optimizer {
 public:
  /// All parameters have one dtype and one device.
  FusedAdamW(std::vector<model::Parameter> parameters, const model::AdamWOptions& options);

  /// Throws c10::Error for a gradient of other sizes, strides or dtype than its parameter, and
  /// c10::NotImplementedError for a dtype or device without a kernel.
  void step(std::optional<double> max_norm) override;
  void zero_grad() override;
  at::Tensor master(int64_t index) const override;
  void set_learning_rate(double learning_rate) override { options_.learning_rate = learning_rate; }
  double learning_rate() const override { return options_.learning_rate; }
  std::vector<model::StateTensor> state() override;

 private:
  struct State {
    at::Tensor low;     ///< int16, of bf16 parameters
    at::Tensor master;  ///< fp32, of fp16 parameters, whose values fp32's upper half does not hold
    at::Tensor first_moment;
    at::Tensor second_moment;
  };

  /// What the norm of all gradients is computed in on CUDA; made by the first step that clips.
  struct Norm {
    at::Tensor sums;
    at::Tensor norm;
    at::Tensor coefficient;
  };

  void create_state();
  void create_norm();
  /// What the operators update: the parameters that have a gradient.
  template <class T>
  std::vector<AdamWTensor<T>> tensors() const;
  AdamWStep this_step() const;
  template <class T>
  void update(std::optional<double> max_norm);
  /// On CUDA, where clipping waits for nothing.
  template <class T>
  void update(std::optional<double> max_norm, CudaStream stream);

  std::vector<model::Parameter> parameters_;
  model::AdamWOptions options_;
  std::vector<State> state_;
  Norm norm_;
  int64_t steps_ = 0;
};

}  // namespace kernels
