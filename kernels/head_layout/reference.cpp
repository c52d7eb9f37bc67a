#include "kernels/head_layout/reference.h"

namespace kernels {
namespace {

/// visit(packed index, index by head, packed column) for each element of `parts` projections.
template <class Visit>
void for_each_element(const HeadShape& shape, int64_t parts, const Visit& visit) {
  const auto [sequences, heads, head_dim] = shape;
  const int64_t width = parts * heads * head_dim;
  int64_t by_head = 0;
  for (int64_t part = 0; part < parts; ++part) {
    for (int64_t b = 0; b < sequences.batch; ++b) {
      for (int64_t h = 0; h < heads; ++h) {
        for (int64_t s = 0; s < sequences.length(b); ++s) {
          for (int64_t i = 0; i < head_dim; ++i, ++by_head) {
            const int64_t column = (part * heads + h) * head_dim + i;
            visit((sequences.begin(b) + s) * width + column, by_head, column);
          }
        }
      }
    }
  }
}

}  // namespace

void reference_split_heads_forward(const SplitHeadsForward<double>& args) {
  for_each_element(args.shape, 3, [&](int64_t packed, int64_t by_head, int64_t column) {
    args.output[by_head] = args.input[packed] + args.bias[column];
  });
}

void reference_split_heads_backward(const SplitHeadsBackward<double>& args) {
  const int64_t width = 3 * args.shape.heads * args.shape.head_dim;
  for (int64_t column = 0; column < width; ++column) args.d_bias[column] = 0;
  for_each_element(args.shape, 3, [&](int64_t packed, int64_t by_head, int64_t column) {
    args.d_input[packed] = args.d_output[by_head];
    args.d_bias[column] += args.d_output[by_head];
  });
}

void reference_merge_heads(const MergeHeads<double>& args) {
  for_each_element(args.shape, 1, [&](int64_t packed, int64_t by_head, int64_t /*column*/) {
    args.output[packed] = args.input[by_head];
  });
}

void reference_unmerge_heads(const UnmergeHeads<double>& args) {
  for_each_element(args.shape, 1, [&](int64_t packed, int64_t by_head, int64_t /*column*/) {
    args.output[by_head] = args.input[packed];
  });
}

}  // namespace kernels
