#pragma once

#include "kernels/head_layout/head_layout.h"

namespace kernels {

/// Textbook loops in double; `partials` and `stochastic` are ignored.
void reference_split_heads_forward(const SplitHeadsForward<double>& args);
void reference_split_heads_backward(const SplitHeadsBackward<double>& args);
void reference_merge_heads(const MergeHeads<double>& args);
void reference_unmerge_heads(const UnmergeHeads<double>& args);

}  // namespace kernels
