#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/layer_norm/reference.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"
#include "tests/kernels/support/guarded.h"
#include "tests/kernels/support/kept_columns.h"

namespace kernels::testing {

/// One call forward and one backward, for the tests of every device.
template <class T>
struct LayerNormProblem {
  int64_t rows;
  int64_t columns;
  bool inverted = false;
  bool with_residual = false;
  bool stochastic = false;
  float eps = 1e-5F;
  std::vector<T> input = uniform<T>(rows * columns, 1);
  std::vector<T> gamma = uniform<T>(columns, 2, 0.5, 1.5);
  std::vector<T> beta = uniform<T>(columns, 3, -0.5, 0.5);
  std::vector<T> d_output = uniform<T>(rows * columns, 4);
  std::vector<T> d_residual = uniform<T>(rows * columns, 5);

  std::string name() const {
    return std::to_string(rows) + "x" + std::to_string(columns) + (inverted ? " inverted" : "");
  }
};

/// What the reference writes.
inline Outputs reference_outputs(const LayerNormProblem<double>& p) {
  Guarded<double> output(p.rows * p.columns);
  Guarded<double> d_input(p.rows * p.columns);
  Guarded<double> d_gamma(p.columns);
  Guarded<double> d_beta(p.columns);
  Guarded<float> mean(p.rows);
  Guarded<float> rstd(p.rows);
  reference_layer_norm_forward({output.data(), mean.data(), rstd.data(), p.input.data(),
                                p.gamma.data(), p.beta.data(), p.rows, p.columns, p.eps,
                                InvertibleColumns{}});
  reference_layer_norm_backward(
      {d_input.data(), d_gamma.data(), d_beta.data(), p.d_output.data(),
       p.with_residual ? p.d_residual.data() : nullptr, p.inverted ? nullptr : p.input.data(),
       p.inverted ? output.data() : nullptr, mean.data(), rstd.data(), p.gamma.data(),
       p.beta.data(), p.rows, p.columns, InvertibleColumns{}, nullptr});
  return {{"output", output.values()},   {"mean", mean.values()},
          {"rstd", rstd.values()},       {"d_input", d_input.values()},
          {"d_gamma", d_gamma.values()}, {"d_beta", d_beta.values()}};
}

/// The reference always takes x_hat from the input.
template <class T>
Outputs expected(const LayerNormProblem<T>& p) {
  return reference_outputs(LayerNormProblem<double>{
      p.rows, p.columns, false, p.with_residual, false, p.eps, to_doubles(p.input),
      to_doubles(p.gamma), to_doubles(p.beta), to_doubles(p.d_output), to_doubles(p.d_residual)});
}

/// mean is what remains of terms the size of the input, d_input of terms the size of rstd * gamma *
/// d_output.
template <class T>
Tolerances tolerances(const LayerNormProblem<T>& p, const Outputs& reference) {
  const Tolerance statistic = tolerance<float>(Kind::kRowReduced);
  Tolerance gradient = tolerance<T>(p.inverted ? Kind::kInverted : Kind::kNormalized);
  gradient.absolute = gradient.of_largest * largest(reference.at("rstd")) *
                      largest(to_doubles(p.gamma)) * largest(to_doubles(p.d_output));
  return {{"output", tolerance<T>(Kind::kNormalized)},
          {"mean", {1e-6, 0, 1e-6 * largest(to_doubles(p.input))}},
          {"rstd", statistic},
          {"d_input", gradient},
          {"d_gamma", column_sum_tolerance<T>(p.rows, p.inverted ? 16 : 8)},
          {"d_beta", column_sum_tolerance<T>(p.rows, 2)}};
}

}  // namespace kernels::testing
