// Launchers of bias_gelu.cuh.

#include "kernels/bias_gelu/bias_gelu.cuh"
#include "kernels/core/column_launch.h"

namespace kernels {
namespace {

template <Gelu kGelu, int kPack, class T>
void launch_forward(const BiasGeluForward<T>& args, CudaStream stream) {
  const int64_t row_blocks = blocks_of(args.rows, kTileWarps * kGeluRowsAtOnce);
  launch<bias_gelu_forward_kernel<kGelu, kPack, T>>(tile_shape(args.columns, row_blocks), stream,
                                                    args);
}

template <Gelu kGelu, int kPack, class T>
void launch_backward(const BiasGeluBackward<T>& args, CudaStream stream) {
  sum_columns_cuda<T, 1>({args.d_bias}, args.rows, args.columns, args.partials, args.stochastic,
                         stream, [&](const ColumnPartials& partials, int64_t row_blocks) {
                           launch<bias_gelu_backward_kernel<kGelu, kPack, T>>(
                               tile_shape(args.columns, row_blocks), stream, args, partials);
                         });
}

}  // namespace

template <class T>
void bias_gelu_forward(const BiasGeluForward<T>& args, CudaStream stream) {
  if (args.rows == 0) return;
  const bool packed = packs_fit<T>(args.columns, {args.output, args.input, args.bias});
  constexpr int kPack = kWidestPack<T>;
  if (args.gelu == Gelu::kErf) {
    packed ? launch_forward<Gelu::kErf, kPack>(args, stream)
           : launch_forward<Gelu::kErf, 1>(args, stream);
  } else {
    packed ? launch_forward<Gelu::kTanh, kPack>(args, stream)
           : launch_forward<Gelu::kTanh, 1>(args, stream);
  }
}

template <class T>
void bias_gelu_backward(const BiasGeluBackward<T>& args, CudaStream stream) {
  const bool packed =
      packs_fit<T>(args.columns, {args.d_input, args.d_output, args.input, args.bias});
  constexpr int kPack = kWidestPack<T>;
  if (args.gelu == Gelu::kErf) {
    packed ? launch_backward<Gelu::kErf, kPack>(args, stream)
           : launch_backward<Gelu::kErf, 1>(args, stream);
  } else {
    packed ? launch_backward<Gelu::kTanh, kPack>(args, stream)
           : launch_backward<Gelu::kTanh, 1>(args, stream);
  }
}

template void bias_gelu_forward(const BiasGeluForward<float>&, CudaStream);
template void bias_gelu_forward(const BiasGeluForward<float16>&, CudaStream);
template void bias_gelu_forward(const BiasGeluForward<bfloat16>&, CudaStream);
template void bias_gelu_backward(const BiasGeluBackward<float>&, CudaStream);
template void bias_gelu_backward(const BiasGeluBackward<float16>&, CudaStream);
template void bias_gelu_backward(const BiasGeluBackward<bfloat16>&, CudaStream);

}  // namespace kernels
