#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

#include "kernels/core/cuda_stream.h"

namespace kernels {

/// What moments are kept in: float, but double beside double parameters (the reference).
template <class T>
using Moment = std::conditional_t<std::is_same_v<T, double>, double, float>;

/// One parameter of `count` elements, its gradient and its state. Moments start at 0.
template <class T>
struct AdamWTensor {
  T* value;
  int16_t* low;  ///< bfloat16: the lower halves of the fp32 masters (split_master.h); else null
  Moment<T>* first_moment;
  Moment<T>* second_moment;
  const T* gradient;
  int64_t count;
  bool decays;              ///< weight decay applies
  float* master = nullptr;  ///< float16: the fp32 masters
};

/// What the tensors of a step share.
struct AdamWStep {
  double learning_rate;
  double beta1;
  double beta2;
  double eps;
  double weight_decay;  ///< of tensors that decay
  int64_t number;       ///< of this step, from 1
  bool bias_correction = true;
  double gradient_scale = 1;
};

/// AdamW with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2), for
/// every element of every tensor, with t = step.number and s = step.gradient_scale:
///
///     m <- beta1 m + (1 - beta1) s g
///     v <- beta2 v + (1 - beta2) (s g)^2
///     w <- w - learning_rate (weight_decay w + m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) +
///     eps))
///
/// Without bias correction both divisors (1 - beta^t) are 1.
/// T: float or bfloat16, with a stream float16, too; arithmetic in float. w is the fp32 master: of
/// bfloat16 parameters `value` is its upper half and `low` its lower one, of float16 parameters
/// `value` is `master` rounded. Gradients are read once and not written, so clipping costs no pass
/// of its own: its coefficient is s (gradient_norm.h). Tensors may have no elements.
template <class T>
struct AdamW {
  std::span<const AdamWTensor<T>> tensors;  ///< the list lies in the host's memory
  AdamWStep step;
  /// With a stream: a number in the device's memory that s is multiplied with, so that a
  /// coefficient that was computed there need not be waited for; null: 1.
  const float* device_scale = nullptr;
};

template <class T>
void adamw(const AdamW<T>& args);

template <class T>
void adamw(const AdamW<T>& args, CudaStream stream);

}  // namespace kernels
