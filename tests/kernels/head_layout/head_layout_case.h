#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/head_layout/reference.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"
#include "tests/kernels/support/guarded.h"
#include "tests/kernels/support/sequences.h"

namespace kernels::testing {

/// A call of each kind, for the tests of every device.
template <class T>
struct HeadLayoutProblem {
  Sequences sequences;
  int64_t heads;
  int64_t head_dim;
  bool stochastic = false;
  int64_t hidden = heads * head_dim;
  int64_t rows = sequences.rows();
  std::vector<T> packed = uniform<T>(rows * hidden * 3, 1);
  std::vector<T> bias = uniform<T>(hidden * 3, 2);
  std::vector<T> by_head = uniform<T>(rows * hidden * 3, 3);

  HeadShape shape() const { return {sequences.view(), heads, head_dim}; }
  std::string name() const {
    return sequences.name() + " heads " + std::to_string(heads) + " head_dim " +
           std::to_string(head_dim);
  }
};

/// What the reference writes.
inline Outputs reference_outputs(const HeadLayoutProblem<double>& p) {
  const int64_t size = p.rows * p.hidden;
  Guarded<double> split(3 * size);
  Guarded<double> d_packed(3 * size);
  Guarded<double> d_bias(3 * p.hidden);
  Guarded<double> merged(size);
  Guarded<double> unmerged(size);
  const SplitHeadsForward<double> forward = {split.data(), p.packed.data(), p.bias.data(),
                                             p.shape()};
  const SplitHeadsBackward<double> backward = {d_packed.data(), d_bias.data(), p.by_head.data(),
                                               p.shape(),       nullptr,       p.stochastic};
  const MergeHeads<double> merge = {merged.data(), p.by_head.data(), p.shape()};
  const UnmergeHeads<double> unmerge = {unmerged.data(), p.packed.data(), p.shape()};
  reference_split_heads_forward(forward);
  reference_split_heads_backward(backward);
  reference_merge_heads(merge);
  reference_unmerge_heads(unmerge);
  return {{"split", split.values()},
          {"d_packed", d_packed.values()},
          {"d_bias", d_bias.values()},
          {"merged", merged.values()},
          {"unmerged", unmerged.values()}};
}

template <class T>
Outputs expected(const HeadLayoutProblem<T>& p) {
  return reference_outputs(HeadLayoutProblem<double>{p.sequences, p.heads, p.head_dim, false,
                                                     p.hidden, p.rows, to_doubles(p.packed),
                                                     to_doubles(p.bias), to_doubles(p.by_head)});
}

template <class T>
Tolerances tolerances(const HeadLayoutProblem<T>& p) {
  const Tolerance copied = tolerance<T>(Kind::kCopied);
  return {{"split", tolerance<T>(Kind::kElement)},
          {"d_packed", copied},
          {"d_bias", column_sum_tolerance<T>(p.rows, 2)},
          {"merged", copied},
          {"unmerged", copied}};
}

}  // namespace kernels::testing
