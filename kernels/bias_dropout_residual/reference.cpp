#include "kernels/bias_dropout_residual/reference.h"

#include "kernels/core/dropout_bits.h"

namespace kernels {

void reference_bias_dropout_residual_forward(const BiasDropoutResidualForward<double>& args) {
  const double scale = dropout_scale(args.stream.probability);
  for (int64_t row = 0; row < args.sequences.rows(); ++row) {
    const int64_t sequence = args.sequences.sequence_of(row);
    const int64_t position = row - args.sequences.begin(sequence);
    for (int64_t column = 0; column < args.columns; ++column) {
      const int64_t i = row * args.columns + column;
      const bool kept = keep(args.stream, sequence, 0, position, column);
      const double dropped = kept ? (args.input[i] + args.bias[column]) * scale : 0;
      args.output[i] = dropped + args.residual[i];
    }
  }
}

void reference_bias_dropout_residual_backward(const BiasDropoutResidualBackward<double>& args) {
  const double scale = dropout_scale(args.stream.probability);
  for (int64_t column = 0; column < args.columns; ++column) {
    args.d_bias[column] = 0;
    for (int64_t row = 0; row < args.sequences.rows(); ++row) {
      const int64_t i = row * args.columns + column;
      const int64_t sequence = args.sequences.sequence_of(row);
      const int64_t position = row - args.sequences.begin(sequence);
      const bool kept = keep(args.stream, sequence, 0, position, column);
      args.d_input[i] = kept ? args.d_output[i] * scale : 0;
      args.d_bias[column] += args.d_input[i];
    }
  }
}

}  // namespace kernels
