#include "kernels/core/layer_norm_reference.h"

#include <cmath>

namespace kernels {

LayerNormRowReference reference_layer_norm_row(double* output, const double* input,
                                               const double* gamma, const double* beta,
                                               int64_t columns, double eps,
                                               const InvertibleColumns& kept, int64_t row) {
  double mean = 0;
  for (int64_t i = 0; i < columns; ++i) mean += input[i];
  mean /= static_cast<double>(columns);
  double variance = 0;
  for (int64_t i = 0; i < columns; ++i) variance += (input[i] - mean) * (input[i] - mean);
  variance /= static_cast<double>(columns);
  const double rstd = 1 / std::sqrt(variance + eps);
  const std::vector<double> x_hat = reference_x_hat(input, mean, rstd, columns);
  for (int64_t i = 0; i < columns; ++i) {
    output[i] = x_hat[static_cast<size_t>(i)] * gamma[i] + beta[i];
  }
  for (int64_t i = 0; i < kept.count; ++i) {
    static_cast<float*>(kept.x_hat)[row * kept.count + i] =
        static_cast<float>(x_hat[static_cast<size_t>(kept.columns[i])]);
  }
  return {mean, rstd};
}

std::vector<double> reference_x_hat(const double* input, double mean, double rstd,
                                    int64_t columns) {
  std::vector<double> x_hat(input, input + columns);
  for (double& x : x_hat) x = (x - mean) * rstd;
  return x_hat;
}

std::vector<double> reference_x_hat_from_output(const double* output, const double* gamma,
                                                const double* beta, int64_t columns,
                                                const InvertibleColumns& kept, int64_t row) {
  std::vector<double> x_hat(output, output + columns);
  for (int64_t i = 0; i < columns; ++i) {
    x_hat[static_cast<size_t>(i)] = (output[i] - beta[i]) / gamma[i];
  }
  for (int64_t i = 0; i < kept.count; ++i) {
    x_hat[static_cast<size_t>(kept.columns[i])] =
        static_cast<const float*>(kept.x_hat)[row * kept.count + i];
  }
  return x_hat;
}

void reference_layer_norm_row_backward(double* d_input, double* d_gamma, double* d_beta,
                                       const double* d_output, const std::vector<double>& x_hat,
                                       const double* gamma, double rstd) {
  const size_t columns = x_hat.size();
  double mean_g = 0;
  double mean_g_x_hat = 0;
  for (size_t i = 0; i < columns; ++i) {
    d_gamma[i] += d_output[i] * x_hat[i];
    d_beta[i] += d_output[i];
    mean_g += d_output[i] * gamma[i] / static_cast<double>(columns);
    mean_g_x_hat += d_output[i] * gamma[i] * x_hat[i] / static_cast<double>(columns);
  }
  for (size_t i = 0; i < columns; ++i) {
    d_input[i] = rstd * (d_output[i] * gamma[i] - mean_g - x_hat[i] * mean_g_x_hat);
  }
}

}  // namespace kernels
