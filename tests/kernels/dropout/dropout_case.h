#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/dropout/reference.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"
#include "tests/kernels/support/guarded.h"
#include "tests/kernels/support/sequences.h"

namespace kernels::testing {

/// The inputs are not 0 and a dropped element is, so that outputs show every bit.
template <class T>
struct DropoutProblem {
  Sequences sequences;
  int64_t heads;
  int64_t columns;
  DropoutStream stream = {7, 11, 2, 3, 0.1, 5};
  std::vector<T> input = uniform<T>(sequences.rows() * heads * columns, 1, 0.5, 2);

  std::string name() const {
    return sequences.name() + " heads " + std::to_string(heads) + " columns " +
           std::to_string(columns);
  }
};

/// What the reference writes.
template <class T>
Outputs expected(const DropoutProblem<T>& p) {
  const std::vector<double> input = to_doubles(p.input);
  Guarded<double> output(static_cast<int64_t>(p.input.size()));
  reference_dropout(
      {output.data(), input.data(), p.sequences.view(), p.heads, p.columns, p.stream});
  return {{"output", output.values()}};
}

template <class T>
Tolerances tolerances(const DropoutProblem<T>&) {
  return {{"output", {tolerance<T>(Kind::kElement).relative, 0}}};
}

}  // namespace kernels::testing
