#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "model/optimizer.h"
#include "model/parameter.h"

namespace train {

/// What an optimizer of two moments keeps of one parameter.
struct Moments {
  at::Tensor master;         ///< fp32 for bf16 and fp16 parameters, else the parameter itself
  at::Tensor first_moment;   ///< of the master's dtype, 0 at first
  at::Tensor second_moment;  ///< likewise
};

/// Masters of `parameters` as they are now, and moments of 0.
std::vector<Moments> make_moments(const std::vector<model::Parameter>& parameters);

/// "master.", "first_moment." and "second_moment." with the parameter's name: of `moments`, which
/// are those of `parameters`, what is not a parameter itself.
std::vector<model::StateTensor> state_tensors(const std::vector<model::Parameter>& parameters,
                                              const std::vector<Moments>& moments);

}  // namespace train
