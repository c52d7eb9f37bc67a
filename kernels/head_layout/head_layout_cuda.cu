// Launchers of head_layout.cuh.

#include "kernels/core/column_launch.h"
#include "kernels/head_layout/head_layout.cuh"

namespace kernels {
namespace {

int64_t hidden_of(const HeadShape& shape) {
  return shape.heads * shape.head_dim;
}

/// Launches over the rows of `width` columns; packs must not leave their heads.
template <auto kPackedKernel, auto kScalarKernel, class Args>
void launch_copy(const Args& args, int64_t width, bool packed, CudaStream stream) {
  const int64_t rows = args.shape.sequences.rows();
  if (rows == 0) return;
  const LaunchShape shape = tile_shape(width, blocks_of(rows, kTileWarps));
  if (packed) {
    launch<kPackedKernel>(shape, stream, args, rows);
  } else {
    launch<kScalarKernel>(shape, stream, args, rows);
  }
}

}  // namespace

template <class T>
void split_heads_forward(const SplitHeadsForward<T>& args, CudaStream stream) {
  const bool packed = packs_fit<T>(args.shape.head_dim, {args.output, args.input, args.bias});
  launch_copy<split_heads_forward_kernel<kWidestPack<T>, T>, split_heads_forward_kernel<1, T>>(
      args, 3 * hidden_of(args.shape), packed, stream);
}

template <class T>
void split_heads_backward(const SplitHeadsBackward<T>& args, CudaStream stream) {
  const int64_t rows = args.shape.sequences.rows();
  const int64_t width = 3 * hidden_of(args.shape);
  const bool packed = packs_fit<T>(args.shape.head_dim, {args.d_input, args.d_output});
  sum_columns_cuda<T, 1>({args.d_bias}, rows, width, args.partials, args.stochastic, stream,
                         [&](const ColumnPartials& partials, int64_t row_blocks) {
                           const LaunchShape shape = tile_shape(width, row_blocks);
                           if (packed) {
                             launch<split_heads_backward_kernel<kWidestPack<T>, T>>(
                                 shape, stream, args, rows, partials);
                           } else {
                             launch<split_heads_backward_kernel<1, T>>(shape, stream, args, rows,
                                                                       partials);
                           }
                         });
}

template <class T>
void merge_heads(const MergeHeads<T>& args, CudaStream stream) {
  const bool packed = packs_fit<T>(args.shape.head_dim, {args.output, args.input});
  launch_copy<merge_heads_kernel<kWidestPack<T>, T>, merge_heads_kernel<1, T>>(
      args, hidden_of(args.shape), packed, stream);
}

template <class T>
void unmerge_heads(const UnmergeHeads<T>& args, CudaStream stream) {
  const bool packed = packs_fit<T>(args.shape.head_dim, {args.output, args.input});
  launch_copy<unmerge_heads_kernel<kWidestPack<T>, T>, unmerge_heads_kernel<1, T>>(
      args, hidden_of(args.shape), packed, stream);
}

template void split_heads_forward(const SplitHeadsForward<float>&, CudaStream);
template void split_heads_forward(const SplitHeadsForward<float16>&, CudaStream);
template void split_heads_forward(const SplitHeadsForward<bfloat16>&, CudaStream);
template void split_heads_backward(const SplitHeadsBackward<float>&, CudaStream);
template void split_heads_backward(const SplitHeadsBackward<float16>&, CudaStream);
template void split_heads_backward(const SplitHeadsBackward<bfloat16>&, CudaStream);
template void merge_heads(const MergeHeads<float>&, CudaStream);
template void merge_heads(const MergeHeads<float16>&, CudaStream);
template void merge_heads(const MergeHeads<bfloat16>&, CudaStream);
template void unmerge_heads(const UnmergeHeads<float>&, CudaStream);
template void unmerge_heads(const UnmergeHeads<float16>&, CudaStream);
template void unmerge_heads(const UnmergeHeads<bfloat16>&, CudaStream);

}  // namespace kernels
