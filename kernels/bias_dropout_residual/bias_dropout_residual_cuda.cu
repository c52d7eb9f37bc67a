// Launchers of bias_dropout_residual.cuh.

#include "kernels/bias_dropout_residual/bias_dropout_residual.cuh"
#include "kernels/core/column_launch.h"
#include "kernels/core/dropout_launch.h"

namespace kernels {
namespace {

template <int kPack, class T>
void launch_forward(const BiasDropoutResidualForward<T>& args, CudaStream stream) {
  const int64_t rows = args.sequences.rows();
  launch<bias_dropout_residual_forward_kernel<kPack, T>>(
      tile_shape(args.columns, blocks_of(rows, kTileWarps)), stream, args, rows,
      device_dropout(args.stream));
}

template <int kPack, class T>
void launch_backward(const BiasDropoutResidualBackward<T>& args, CudaStream stream) {
  const int64_t rows = args.sequences.rows();
  sum_columns_cuda<T, 1>({args.d_bias}, rows, args.columns, args.partials, args.stochastic, stream,
                         [&](const ColumnPartials& partials, int64_t row_blocks) {
                           launch<bias_dropout_residual_backward_kernel<kPack, T>>(
                               tile_shape(args.columns, row_blocks), stream, args, rows,
                               device_dropout(args.stream), partials);
                         });
}

}  // namespace

template <class T>
void bias_dropout_residual_forward(const BiasDropoutResidualForward<T>& args, CudaStream stream) {
  if (args.sequences.rows() == 0) return;
  if (packs_fit<T>(args.columns, {args.output, args.input, args.bias, args.residual})) {
    launch_forward<kWidestPack<T>>(args, stream);
  } else {
    launch_forward<1>(args, stream);
  }
}

template <class T>
void bias_dropout_residual_backward(const BiasDropoutResidualBackward<T>& args, CudaStream stream) {
  if (packs_fit<T>(args.columns, {args.d_input, args.d_output})) {
    launch_backward<kWidestPack<T>>(args, stream);
  } else {
    launch_backward<1>(args, stream);
  }
}

template void bias_dropout_residual_forward(const BiasDropoutResidualForward<float>&, CudaStream);
template void bias_dropout_residual_forward(const BiasDropoutResidualForward<float16>&, CudaStream);
template void bias_dropout_residual_forward(const BiasDropoutResidualForward<bfloat16>&,
                                            CudaStream);
template void bias_dropout_residual_backward(const BiasDropoutResidualBackward<float>&, CudaStream);
template void bias_dropout_residual_backward(const BiasDropoutResidualBackward<float16>&,
                                             CudaStream);
template void bias_dropout_residual_backward(const BiasDropoutResidualBackward<bfloat16>&,
                                             CudaStream);

}  // namespace kernels
