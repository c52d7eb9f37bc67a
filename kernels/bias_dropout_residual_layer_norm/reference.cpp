#include "kernels/bias_dropout_residual_layer_norm/reference.h"

#include <algorithm>

#include "kernels/core/dropout_bits.h"
#include "kernels/core/layer_norm_reference.h"

namespace kernels {

void reference_bias_dropout_residual_layer_norm_forward(
    const BiasDropoutResidualLayerNormForward<double>& args) {
  const double scale = dropout_scale(args.stream.probability);
  std::vector<double> sum(static_cast<size_t>(args.columns));
  for (int64_t row = 0; row < args.sequences.rows(); ++row) {
    const int64_t offset = row * args.columns;
    const int64_t sequence = args.sequences.sequence_of(row);
    const int64_t position = row - args.sequences.begin(sequence);
    for (int64_t column = 0; column < args.columns; ++column) {
      const int64_t i = offset + column;
      const bool kept = keep(args.stream, sequence, 0, position, column);
      const double dropped = kept ? (args.input[i] + args.bias[column]) * scale : 0;
      sum[static_cast<size_t>(column)] = dropped + args.residual[i];
    }
    if (args.sum != nullptr) std::copy(sum.begin(), sum.end(), args.sum + offset);
    const LayerNormRowReference statistics =
        reference_layer_norm_row(args.output + offset, sum.data(), args.gamma, args.beta,
                                 args.columns, args.eps, args.kept, row);
    args.mean[row] = static_cast<float>(statistics.mean);
    args.rstd[row] = static_cast<float>(statistics.rstd);
  }
}

void reference_bias_dropout_residual_layer_norm_backward(
    const BiasDropoutResidualLayerNormBackward<double>& args) {
  const double scale = dropout_scale(args.stream.probability);
  const auto columns = static_cast<size_t>(args.columns);
  std::fill_n(args.d_bias, columns, 0.0);
  std::fill_n(args.d_gamma, columns, 0.0);
  std::fill_n(args.d_beta, columns, 0.0);
  for (int64_t row = 0; row < args.sequences.rows(); ++row) {
    const int64_t offset = row * args.columns;
    const int64_t sequence = args.sequences.sequence_of(row);
    const int64_t position = row - args.sequences.begin(sequence);
    const std::vector<double> x_hat =
        args.sum != nullptr
            ? reference_x_hat(args.sum + offset, args.mean[row], args.rstd[row], args.columns)
            : reference_x_hat_from_output(args.output + offset, args.gamma, args.beta, args.columns,
                                          args.kept, row);
    std::vector<double> d_output(args.d_output + offset, args.d_output + offset + columns);
    for (size_t i = 0; i < columns && args.d_output_extra != nullptr; ++i) {
      d_output[i] += args.d_output_extra[offset + static_cast<int64_t>(i)];
    }
    std::vector<double> d_sum(columns);
    reference_layer_norm_row_backward(d_sum.data(), args.d_gamma, args.d_beta, d_output.data(),
                                      x_hat, args.gamma, args.rstd[row]);
    for (int64_t column = 0; column < args.columns; ++column) {
      const int64_t i = offset + column;
      const double extra = args.d_sum_extra == nullptr ? 0 : args.d_sum_extra[i];
      const bool kept = keep(args.stream, sequence, 0, position, column);
      args.d_residual[i] = d_sum[static_cast<size_t>(column)] + extra;
      args.d_input[i] = kept ? args.d_residual[i] * scale : 0;
      args.d_bias[column] += args.d_input[i];
    }
  }
}

}  // namespace kernels
