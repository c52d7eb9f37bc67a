#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/bias_gelu/reference.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"
#include "tests/kernels/support/guarded.h"

namespace kernels::testing {

/// One call forward and one backward, for the tests of every device.
template <class T>
struct BiasGeluProblem {
  int64_t rows;
  int64_t columns;
  Gelu gelu;
  bool stochastic = false;
  std::vector<T> input = uniform<T>(rows * columns, 1, -6, 6);
  std::vector<T> bias = uniform<T>(columns, 2);
  std::vector<T> d_output = uniform<T>(rows * columns, 3);

  std::string name() const {
    return std::to_string(rows) + "x" + std::to_string(columns) +
           (gelu == Gelu::kErf ? " erf" : " tanh");
  }
};

/// What the reference writes.
inline Outputs reference_outputs(const BiasGeluProblem<double>& p) {
  Guarded<double> output(p.rows * p.columns);
  Guarded<double> d_input(p.rows * p.columns);
  Guarded<double> d_bias(p.columns);
  reference_bias_gelu_forward(
      {output.data(), p.input.data(), p.bias.data(), p.rows, p.columns, p.gelu});
  reference_bias_gelu_backward({d_input.data(), d_bias.data(), p.d_output.data(), p.input.data(),
                                p.bias.data(), p.rows, p.columns, p.gelu, nullptr});
  return {{"output", output.values()}, {"d_input", d_input.values()}, {"d_bias", d_bias.values()}};
}

template <class T>
Outputs expected(const BiasGeluProblem<T>& p) {
  return reference_outputs({p.rows, p.columns, p.gelu, false, to_doubles(p.input),
                            to_doubles(p.bias), to_doubles(p.d_output)});
}

template <class T>
Tolerances tolerances(const BiasGeluProblem<T>& p, const Outputs& reference) {
  return {{"output", tolerance<T>(Kind::kElement)},
          {"d_input", tolerance<T>(Kind::kElement)},
          {"d_bias", column_sum_tolerance<T>(p.rows, largest(reference.at("d_input")))}};
}

}  // namespace kernels::testing
