// The launcher of adamw.cuh.

#include <cmath>

#include "kernels/adamw/adamw.cuh"
#include "kernels/adamw/tensor_batch_launch.h"
#include "kernels/core/launch.h"

namespace kernels {
namespace {

double bias_correction(const AdamWStep& step, double beta) {
  return step.bias_correction ? 1 - std::pow(beta, static_cast<double>(step.number)) : 1;
}

/// From powers in double.
AdamWCoefficients coefficients(const AdamWStep& step) {
  return {static_cast<float>(step.gradient_scale),
          static_cast<float>(1 - step.beta1),
          static_cast<float>(1 - step.beta2),
          static_cast<float>(step.beta2),
          static_cast<float>(step.eps),
          static_cast<float>(step.learning_rate * step.weight_decay),
          static_cast<float>(step.learning_rate / bias_correction(step, step.beta1)),
          static_cast<float>(1 / std::sqrt(bias_correction(step, step.beta2)))};
}

}  // namespace

template <class T>
void adamw(const AdamW<T>& args, CudaStream stream) {
  const AdamWCoefficients step = coefficients(args.step);
  constexpr size_t kMostArgumentBytes = 4096;
  static_assert(sizeof(TensorBatch<T>) + sizeof(step) + sizeof(void*) <= kMostArgumentBytes);
  for_each_batch(args.tensors, [&](const TensorBatch<T>& batch, uint32_t blocks) {
    launch<adamw_kernel<T>>({{blocks}, {kBatchThreads}}, stream, batch, step, args.device_scale);
  });
}

template void adamw(const AdamW<float>&, CudaStream);
template void adamw(const AdamW<float16>&, CudaStream);
template void adamw(const AdamW<bfloat16>&, CudaStream);

}  // namespace kernels
