// The launcher of gradient_norm.cuh.

#include <algorithm>

#include "kernels/adamw/gradient_norm.cuh"
#include "kernels/adamw/tensor_batch_launch.h"
#include "kernels/core/launch.h"

namespace kernels {

template <class T>
void gradient_norm(const DeviceGradientNorm<T>& args, CudaStream stream) {
  zero_async(args.sums, kDeviceNormSums * sizeof(double), stream);
  for_each_batch(args.tensors, [&](const TensorBatch<T>& batch, uint32_t blocks) {
    const uint32_t most = kDeviceNormSums;
    launch<sum_of_squares_kernel<T>>({{std::min(blocks, most)}, {kBatchThreads}}, stream, batch,
                                     args.sums);
  });
  launch<gradient_norm_kernel>({{1}, {kBatchThreads}}, stream, args.norm, args.coefficient,
                               args.sums, args.max_norm);
}

template void gradient_norm(const DeviceGradientNorm<float>&, CudaStream);
template void gradient_norm(const DeviceGradientNorm<float16>&, CudaStream);
template void gradient_norm(const DeviceGradientNorm<bfloat16>&, CudaStream);

}  // namespace kernels
