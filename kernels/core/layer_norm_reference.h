#pragma once

#include <cstdint>
#include <vector>

#include "kernels/core/invertible_columns.h"

namespace kernels {

/// One row of LayerNorm in double, for the references of the operators that contain one.
struct LayerNormRowReference {
  double mean;
  double rstd;
};

/// output = (input - mean) * rstd * gamma + beta; `output` may be `input`. Writes the row's part
/// of kept.x_hat.
LayerNormRowReference reference_layer_norm_row(double* output, const double* input,
                                               const double* gamma, const double* beta,
                                               int64_t columns, double eps,
                                               const InvertibleColumns& kept, int64_t row);

/// x_hat of a row from LayerNorm's input.
std::vector<double> reference_x_hat(const double* input, double mean, double rstd, int64_t columns);

/// x_hat of a row from LayerNorm's output, and `kept` where that cannot be inverted.
std::vector<double> reference_x_hat_from_output(const double* output, const double* gamma,
                                                const double* beta, int64_t columns,
                                                const InvertibleColumns& kept, int64_t row);

/// Writes the gradient of LayerNorm's input and adds the row's to d_gamma and d_beta.
void reference_layer_norm_row_backward(double* d_input, double* d_gamma, double* d_beta,
                                       const double* d_output, const std::vector<double>& x_hat,
                                       const double* gamma, double rstd);

}  // namespace kernels
