#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/softmax_dropout/reference.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"
#include "tests/kernels/support/guarded.h"

namespace kernels::testing {

/// One call forward and one backward, for the tests of every device.
template <class T>
struct SoftmaxDropoutProblem {
  int64_t heads;
  int64_t sequence;
  std::vector<int64_t> lengths;
  double probability = 0.1;
  double largest_score = 4;
  float scale = 0.25F;
  int64_t batch = static_cast<int64_t>(lengths.size());
  int64_t size = batch * heads * sequence * sequence;
  std::vector<T> scores = uniform<T>(size, 1, -largest_score, largest_score);
  std::vector<T> d_dropped = uniform<T>(size, 2);

  DropoutStream stream() const { return {3, 5, 1, 2, probability, 9}; }
  std::string name() const {
    return std::to_string(batch) + "x" + std::to_string(heads) + "x" + std::to_string(sequence) +
           " p " + std::to_string(probability);
  }
};

/// What the reference writes; backward starts from the probabilities that forward wrote.
inline Outputs reference_outputs(const SoftmaxDropoutProblem<double>& p) {
  Guarded<double> probabilities(p.size);
  Guarded<double> dropped(p.size);
  Guarded<double> d_scores(p.size);
  reference_softmax_dropout_forward({probabilities.data(), dropped.data(), p.scores.data(),
                                     p.lengths.data(), p.batch, p.heads, p.sequence, p.scale,
                                     p.stream()});
  reference_softmax_dropout_backward({d_scores.data(), p.d_dropped.data(), probabilities.data(),
                                      p.lengths.data(), p.batch, p.heads, p.sequence, p.scale,
                                      p.stream()});
  return {{"probabilities", probabilities.values()},
          {"dropped", dropped.values()},
          {"d_scores", d_scores.values()}};
}

template <class T>
Outputs expected(const SoftmaxDropoutProblem<T>& p) {
  return reference_outputs({p.heads, p.sequence, p.lengths, p.probability, p.largest_score, p.scale,
                            p.batch, p.size, to_doubles(p.scores), to_doubles(p.d_dropped)});
}

/// d_scores is what remains of terms the size of scale * d_dropped.
template <class T>
Tolerances tolerances(const SoftmaxDropoutProblem<T>& p) {
  Tolerance gradient = tolerance<T>(Kind::kRowReduced);
  gradient.absolute += gradient.relative * 0.1 * p.scale * largest(to_doubles(p.d_dropped));
  return {{"probabilities", tolerance<T>(Kind::kElement)},
          {"dropped", tolerance<T>(Kind::kTwice)},
          {"d_scores", gradient}};
}

}  // namespace kernels::testing
