#include "kernels/bias_gelu/reference.h"

#include <cmath>
#include <numbers>

namespace kernels {
namespace {

double gelu(Gelu kind, double x) {
  if (kind == Gelu::kErf) return 0.5 * x * std::erfc(-x / std::numbers::sqrt2);
  const double u = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
  return 0.5 * x * (1 + std::tanh(u));
}

double gelu_derivative(Gelu kind, double x) {
  if (kind == Gelu::kErf) {
    const double density = std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
    return 0.5 * std::erfc(-x / std::numbers::sqrt2) + x * density;
  }
  const double root = std::sqrt(2 / std::numbers::pi);
  const double t = std::tanh(root * (x + 0.044715 * x * x * x));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * root * (1 + 3 * 0.044715 * x * x);
}

}  // namespace

void reference_bias_gelu_forward(const BiasGeluForward<double>& args) {
  for (int64_t row = 0; row < args.rows; ++row) {
    for (int64_t column = 0; column < args.columns; ++column) {
      const int64_t i = row * args.columns + column;
      args.output[i] = gelu(args.gelu, args.input[i] + args.bias[column]);
    }
  }
}

void reference_bias_gelu_backward(const BiasGeluBackward<double>& args) {
  for (int64_t column = 0; column < args.columns; ++column) {
    args.d_bias[column] = 0;
    for (int64_t row = 0; row < args.rows; ++row) {
      const int64_t i = row * args.columns + column;
      args.d_input[i] =
          args.d_output[i] * gelu_derivative(args.gelu, args.input[i] + args.bias[column]);
      args.d_bias[column] += args.d_input[i];
    }
  }
}

}  // namespace kernels
