// Launchers of bias_dropout_residual_layer_norm.cuh.

#include "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm.cuh"
#include "kernels/core/dropout_launch.h"
#include "kernels/core/row_launch.h"

namespace kernels {

template <class T>
void bias_dropout_residual_layer_norm_forward(const BiasDropoutResidualLayerNormForward<T>& args,
                                              CudaStream stream) {
  const int64_t rows = args.sequences.rows();
  if (rows == 0) return;
  const DeviceDropout dropout = device_dropout(args.stream);
  const bool packed = packs_fit<T>(args.columns, {args.output, args.sum, args.input, args.bias,
                                                  args.residual, args.gamma, args.beta});
  with_row_form<T>(args.columns, packed, [&]<int kPack, int kHeld>(RowForm<kPack, kHeld>) {
    launch<residual_layer_norm_forward_kernel<kPack, kHeld, T>>(rows_shape(rows), stream, args,
                                                                rows, dropout);
  });
}

template <class T>
void bias_dropout_residual_layer_norm_backward(const BiasDropoutResidualLayerNormBackward<T>& args,
                                               CudaStream stream) {
  const int64_t rows = args.sequences.rows();
  const DeviceDropout dropout = device_dropout(args.stream);
  const bool packed =
      packs_fit<T>(args.columns, {args.d_input, args.d_residual, args.d_output, args.d_output_extra,
                                  args.d_sum_extra, args.sum, args.output, args.gamma, args.beta});
  with_row_form<T>(args.columns, packed, [&]<int kPack, int kHeld>(RowForm<kPack, kHeld>) {
    sum_columns_cuda<T, 3>({args.d_bias, args.d_gamma, args.d_beta}, rows, args.columns,
                           args.partials, args.stochastic && kHeld > 0, stream,
                           [&](const ColumnPartials& partials, int64_t row_blocks) {
                             launch<residual_layer_norm_backward_kernel<kPack, kHeld, T>>(
                                 row_blocks_shape(row_blocks), stream, args, rows, dropout,
                                 partials);
                           });
  });
}

template void bias_dropout_residual_layer_norm_forward(
    const BiasDropoutResidualLayerNormForward<float>&, CudaStream);
template void bias_dropout_residual_layer_norm_forward(
    const BiasDropoutResidualLayerNormForward<float16>&, CudaStream);
template void bias_dropout_residual_layer_norm_forward(
    const BiasDropoutResidualLayerNormForward<bfloat16>&, CudaStream);
template void bias_dropout_residual_layer_norm_backward(
    const BiasDropoutResidualLayerNormBackward<float>&, CudaStream);
template void bias_dropout_residual_layer_norm_backward(
    const BiasDropoutResidualLayerNormBackward<float16>&, CudaStream);
template void bias_dropout_residual_layer_norm_backward(
    const BiasDropoutResidualLayerNormBackward<bfloat16>&, CudaStream);

}  // namespace kernels
