#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/bias_dropout_residual_layer_norm/reference.h"
#include "kernels/core/column_partials.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"
#include "tests/kernels/support/guarded.h"
#include "tests/kernels/support/kept_columns.h"
#include "tests/kernels/support/sequences.h"

namespace kernels::testing {

/// One call forward and one backward, for the tests of every device.
template <class T>
struct ResidualLayerNormProblem {
  Sequences sequences;
  int64_t columns;
  bool inverted = false;
  bool with_extras = false;
  double probability = 0.1;
  bool stochastic = false;
  float eps = 1e-5F;
  int64_t rows = sequences.rows();
  int64_t size = rows * columns;
  std::vector<T> input = uniform<T>(size, 1);
  std::vector<T> bias = uniform<T>(columns, 2);
  std::vector<T> residual = uniform<T>(size, 3);
  std::vector<T> gamma = uniform<T>(columns, 4, 0.5, 1.5);
  std::vector<T> beta = uniform<T>(columns, 5, -0.5, 0.5);
  std::vector<T> d_output = uniform<T>(size, 6);
  std::vector<T> d_output_extra = uniform<T>(size, 7);
  std::vector<T> d_sum_extra = uniform<T>(size, 8);

  DropoutStream stream() const { return {9, 8, 7, 6, probability, 5}; }
  std::string name() const {
    return sequences.name() + " columns " + std::to_string(columns) + " p " +
           std::to_string(probability) + (inverted ? " inverted" : "") +
           (with_extras ? " with extras" : "");
  }
};

/// Where a run writes.
template <class T>
struct ResidualLayerNormBuffers {
  explicit ResidualLayerNormBuffers(const ResidualLayerNormProblem<T>& p)
      : output(p.size),
        sum(p.size),
        mean(p.rows),
        rstd(p.rows),
        d_input(p.size),
        d_residual(p.size),
        d_bias(p.columns),
        d_gamma(p.columns),
        d_beta(p.columns),
        partials(column_partials_size(p.columns, 3)),
        kept(p.rows, p.inverted, p.gamma, p.beta) {}

  bool intact() const {
    return output.intact() && sum.intact() && mean.intact() && rstd.intact() && d_input.intact() &&
           d_residual.intact() && d_bias.intact() && d_gamma.intact() && d_beta.intact() &&
           partials.intact() && kept.intact();
  }

  Outputs outputs() {
    return {{"output", output.values()},
            {"mean", mean.values()},
            {"rstd", rstd.values()},
            {"d_input", d_input.values()},
            {"d_residual", d_residual.values()},
            {"d_bias", d_bias.values()},
            {"d_gamma", d_gamma.values()},
            {"d_beta", d_beta.values()}};
  }

  Guarded<T> output;
  Guarded<T> sum;
  Guarded<float> mean;
  Guarded<float> rstd;
  Guarded<T> d_input;
  Guarded<T> d_residual;
  Guarded<T> d_bias;
  Guarded<T> d_gamma;
  Guarded<T> d_beta;
  Guarded<float> partials;
  KeptColumns kept;
};

template <class T>
BiasDropoutResidualLayerNormForward<T> forward_args(const ResidualLayerNormProblem<T>& p,
                                                    ResidualLayerNormBuffers<T>& b) {
  return {b.output.data(),   p.inverted ? nullptr : b.sum.data(),
          b.mean.data(),     b.rstd.data(),
          p.input.data(),    p.bias.data(),
          p.residual.data(), p.gamma.data(),
          p.beta.data(),     p.sequences.view(),
          p.columns,         p.eps,
          p.stream(),        b.kept.view()};
}

template <class T>
BiasDropoutResidualLayerNormBackward<T> backward_args(const ResidualLayerNormProblem<T>& p,
                                                      ResidualLayerNormBuffers<T>& b) {
  return {b.d_input.data(),
          b.d_residual.data(),
          b.d_bias.data(),
          b.d_gamma.data(),
          b.d_beta.data(),
          p.d_output.data(),
          p.with_extras ? p.d_output_extra.data() : nullptr,
          p.with_extras ? p.d_sum_extra.data() : nullptr,
          p.inverted ? nullptr : b.sum.data(),
          p.inverted ? b.output.data() : nullptr,
          b.mean.data(),
          b.rstd.data(),
          p.gamma.data(),
          p.beta.data(),
          p.sequences.view(),
          p.columns,
          p.stream(),
          b.kept.view(),
          b.partials.data(),
          p.stochastic};
}

/// What the reference writes.
inline Outputs reference_outputs(const ResidualLayerNormProblem<double>& p) {
  ResidualLayerNormBuffers<double> b(p);
  reference_bias_dropout_residual_layer_norm_forward(forward_args(p, b));
  reference_bias_dropout_residual_layer_norm_backward(backward_args(p, b));
  return b.outputs();
}

/// The reference always takes x_hat from the sum.
template <class T>
Outputs expected(const ResidualLayerNormProblem<T>& p) {
  return reference_outputs(ResidualLayerNormProblem<double>{
      p.sequences, p.columns, false, p.with_extras, p.probability, false, p.eps, p.rows, p.size,
      to_doubles(p.input), to_doubles(p.bias), to_doubles(p.residual), to_doubles(p.gamma),
      to_doubles(p.beta), to_doubles(p.d_output), to_doubles(p.d_output_extra),
      to_doubles(p.d_sum_extra)});
}

/// In 16 bits the sum (up to 7, 2 on average) is rounded before the statistics, so all that follows
/// carries its error. The gradients are what remains of terms the size of rstd * gamma * d_output.
template <class T>
Tolerances tolerances(const ResidualLayerNormProblem<T>& p, const Outputs& reference) {
  const double u = sizeof(T) == sizeof(float) ? 1e-6 : kRoundoff<T>;
  Tolerance gradient = tolerance<T>(p.inverted ? Kind::kInverted : Kind::kRowReduced);
  gradient.absolute = gradient.of_largest * largest(reference.at("rstd")) *
                      largest(to_doubles(p.gamma)) * largest(to_doubles(p.d_output));
  const double largest_term = largest(reference.at("d_input"));
  return {{"output", tolerance<T>(Kind::kRowReduced)},
          {"mean", {u, 0, 2 * u}},
          {"rstd", {2 * u, u}},
          {"d_input", gradient},
          {"d_residual", gradient},
          {"d_bias", column_sum_tolerance<T>(p.rows, 2 * largest_term)},
          {"d_gamma", column_sum_tolerance<T>(p.rows, p.inverted ? 24 : 12)},
          {"d_beta", column_sum_tolerance<T>(p.rows, 4)}};
}

}  // namespace kernels::testing
