// Launchers of layer_norm.cuh.

#include "kernels/core/row_launch.h"
#include "kernels/layer_norm/layer_norm.cuh"

namespace kernels {

template <class T>
void layer_norm_forward(const LayerNormForward<T>& args, CudaStream stream) {
  if (args.rows == 0) return;
  const bool packed = packs_fit<T>(args.columns, {args.output, args.input, args.gamma, args.beta});
  with_row_form<T>(args.columns, packed, [&]<int kPack, int kHeld>(RowForm<kPack, kHeld>) {
    launch<layer_norm_forward_kernel<kPack, kHeld, T>>(rows_shape(args.rows), stream, args);
  });
}

template <class T>
void layer_norm_backward(const LayerNormBackward<T>& args, CudaStream stream) {
  const bool packed = packs_fit<T>(args.columns, {args.d_input, args.d_output, args.d_residual,
                                                  args.input, args.output, args.gamma, args.beta});
  with_row_form<T>(args.columns, packed, [&]<int kPack, int kHeld>(RowForm<kPack, kHeld>) {
    sum_columns_cuda<T, 2>({args.d_gamma, args.d_beta}, args.rows, args.columns, args.partials,
                           args.stochastic && kHeld > 0, stream,
                           [&](const ColumnPartials& partials, int64_t row_blocks) {
                             launch<layer_norm_backward_kernel<kPack, kHeld, T>>(
                                 row_blocks_shape(row_blocks), stream, args, partials);
                           });
  });
}

template void layer_norm_forward(const LayerNormForward<float>&, CudaStream);
template void layer_norm_forward(const LayerNormForward<float16>&, CudaStream);
template void layer_norm_forward(const LayerNormForward<bfloat16>&, CudaStream);
template void layer_norm_backward(const LayerNormBackward<float>&, CudaStream);
template void layer_norm_backward(const LayerNormBackward<float16>&, CudaStream);
template void layer_norm_backward(const LayerNormBackward<bfloat16>&, CudaStream);

}  // namespace kernels
