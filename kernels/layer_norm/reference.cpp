#include "kernels/layer_norm/reference.h"

#include <algorithm>

#include "kernels/core/layer_norm_reference.h"

namespace kernels {

void reference_layer_norm_forward(const LayerNormForward<double>& args) {
  for (int64_t row = 0; row < args.rows; ++row) {
    const int64_t offset = row * args.columns;
    const LayerNormRowReference statistics =
        reference_layer_norm_row(args.output + offset, args.input + offset, args.gamma, args.beta,
                                 args.columns, args.eps, args.kept, row);
    args.mean[row] = static_cast<float>(statistics.mean);
    args.rstd[row] = static_cast<float>(statistics.rstd);
  }
}

void reference_layer_norm_backward(const LayerNormBackward<double>& args) {
  std::fill_n(args.d_gamma, args.columns, 0.0);
  std::fill_n(args.d_beta, args.columns, 0.0);
  for (int64_t row = 0; row < args.rows; ++row) {
    const int64_t offset = row * args.columns;
    const std::vector<double> x_hat =
        args.input != nullptr
            ? reference_x_hat(args.input + offset, args.mean[row], args.rstd[row], args.columns)
            : reference_x_hat_from_output(args.output + offset, args.gamma, args.beta, args.columns,
                                          args.kept, row);
    std::vector<double> d_input(x_hat.size());
    reference_layer_norm_row_backward(d_input.data(), args.d_gamma, args.d_beta,
                                      args.d_output + offset, x_hat, args.gamma, args.rstd[row]);
    for (int64_t i = 0; i < args.columns; ++i) {
      const double residual = args.d_residual == nullptr ? 0 : args.d_residual[offset + i];
      args.d_input[offset + i] = d_input[static_cast<size_t>(i)] + residual;
    }
  }
}

}  // namespace kernels
