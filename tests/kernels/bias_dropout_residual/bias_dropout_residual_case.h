#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/bias_dropout_residual/reference.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"
#include "tests/kernels/support/guarded.h"
#include "tests/kernels/support/sequences.h"

namespace kernels::testing {

/// One call forward and one backward, for the tests of every device.
template <class T>
struct BiasDropoutResidualProblem {
  Sequences sequences;
  int64_t columns;
  double probability = 0.1;
  bool stochastic = false;
  int64_t size = sequences.rows() * columns;
  std::vector<T> input = uniform<T>(size, 1);
  std::vector<T> bias = uniform<T>(columns, 2);
  std::vector<T> residual = uniform<T>(size, 3);
  std::vector<T> d_output = uniform<T>(size, 4);

  DropoutStream stream() const { return {1, 2, 3, 4, probability, 6}; }
  std::string name() const {
    return sequences.name() + " columns " + std::to_string(columns) + " p " +
           std::to_string(probability);
  }
};

/// What the reference writes.
inline Outputs reference_outputs(const BiasDropoutResidualProblem<double>& p) {
  Guarded<double> output(p.size);
  Guarded<double> d_input(p.size);
  Guarded<double> d_bias(p.columns);
  reference_bias_dropout_residual_forward({output.data(), p.input.data(), p.bias.data(),
                                           p.residual.data(), p.sequences.view(), p.columns,
                                           p.stream()});
  reference_bias_dropout_residual_backward({d_input.data(), d_bias.data(), p.d_output.data(),
                                            p.sequences.view(), p.columns, p.stream(), nullptr});
  return {{"output", output.values()}, {"d_input", d_input.values()}, {"d_bias", d_bias.values()}};
}

template <class T>
Outputs expected(const BiasDropoutResidualProblem<T>& p) {
  return reference_outputs(BiasDropoutResidualProblem<double>{
      p.sequences, p.columns, p.probability, false, p.size, to_doubles(p.input), to_doubles(p.bias),
      to_doubles(p.residual), to_doubles(p.d_output)});
}

template <class T>
Tolerances tolerances(const BiasDropoutResidualProblem<T>& p) {
  return {{"output", tolerance<T>(Kind::kElement)},
          {"d_input", {tolerance<T>(Kind::kElement).relative, 0, kSmallest<T>}},
          {"d_bias", column_sum_tolerance<T>(p.sequences.rows(), 2.5)}};
}

}  // namespace kernels::testing
