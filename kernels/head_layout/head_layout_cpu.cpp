// Splitting the packed QKV projection by head, and merging heads back: copies of head_dim elements.
//   forward:   out[part][b][h, s, :] = in[begin(b) + s, part * hidden + h * head_dim ...] + bias
//   backward:  the copy the other way, and d_bias = column sums
// Parallel over the rows begin(b) + s. Bytes moved: each element read once and written once.

#include "kernels/core/column_sums.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"
#include "kernels/head_layout/head_layout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/head_layout/head_layout_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/vector-inl.h"

#ifndef KERNELS_HEAD_LAYOUT_HEAD_LAYOUT_CPU_ONCE
#define KERNELS_HEAD_LAYOUT_HEAD_LAYOUT_CPU_ONCE
namespace kernels {
namespace {

int64_t hidden_size(const HeadShape& shape) {
  return shape.heads * shape.head_dim;
}

/// Where the cursor's row of each head begins in a tensor by head.
struct HeadOffsets {
  int64_t first;
  int64_t stride;

  HeadOffsets(const HeadShape& shape, const RowCursor& cursor)
      : first(shape.sequences.begin(cursor.sequence()) * hidden_size(shape) +
              cursor.position() * shape.head_dim),
        stride(shape.sequences.length(cursor.sequence()) * shape.head_dim) {}

  int64_t at(int64_t head) const { return first + head * stride; }
};

}  // namespace
}  // namespace kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

/// body(packed column, offset in [3][rows, hidden] by head) for each head of the cursor's row.
template <class Body>
HWY_INLINE void for_each_head(const HeadShape& shape, const RowCursor& cursor, const Body& body) {
  const int64_t hidden = hidden_size(shape);
  const int64_t part_size = shape.sequences.rows() * hidden;
  const HeadOffsets offsets(shape, cursor);
  for (int64_t part = 0; part < 3; ++part) {
    for (int64_t head = 0; head < shape.heads; ++head) {
      body(part * hidden + head * shape.head_dim, part * part_size + offsets.at(head));
    }
  }
}

// ---- forward

template <class T>
void split_rows(const SplitHeadsForward<T>& args, RowBlock rows) {
  const int64_t width = 3 * hidden_size(args.shape);
  RowCursor cursor(args.shape.sequences, rows.begin);
  for (int64_t row = rows.begin; row < rows.end; ++row, cursor.advance()) {
    for_each_head(args.shape, cursor, [&](int64_t column, int64_t offset) BENCH_INLINE_LAMBDA {
      const T* input = args.input + row * width + column;
      const T* bias = args.bias + column;
      T* output = args.output + offset;
      for_each_vector(args.shape.head_dim, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
        store(hn::Add(load(input + i, lanes), load(bias + i, lanes)), output + i, lanes);
      });
    });
  }
}

// ---- backward

template <class T>
void split_rows_backward(const SplitHeadsBackward<T>& args, RowBlock rows) {
  const int64_t width = 3 * hidden_size(args.shape);
  RowCursor cursor(args.shape.sequences, rows.begin);
  for (int64_t row = rows.begin; row < rows.end; ++row, cursor.advance()) {
    for_each_head(args.shape, cursor, [&](int64_t column, int64_t offset) BENCH_INLINE_LAMBDA {
      const T* d_output = args.d_output + offset;
      T* d_input = args.d_input + row * width + column;
      float* d_bias = rows.partial + column;
      for_each_vector(args.shape.head_dim, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
        const Floats gradient = load(d_output + i, lanes);
        store_exact(gradient, d_input + i, lanes);
        add_to(gradient, d_bias + i, lanes);
      });
    });
  }
}

BENCH_INSTANTIATE_ROWS(split_rows, SplitHeadsForward)
BENCH_INSTANTIATE_ROWS(split_rows_backward, SplitHeadsBackward)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

// ---- launchers

BENCH_DISPATCH_ROWS(split_rows, SplitHeadsForward)
BENCH_DISPATCH_ROWS(split_rows_backward, SplitHeadsBackward)

template <class T>
void split_heads_forward(const SplitHeadsForward<T>& args) {
  const HeadShape& shape = args.shape;
  parallel_for(shape.sequences.rows(), 3 * hidden_size(shape), [&](int64_t begin, int64_t end) {
    split_rows(args, {begin, end});
  });
}

template <class T>
void split_heads_backward(const SplitHeadsBackward<T>& args) {
  const HeadShape& shape = args.shape;
  sum_columns<T, 1>({args.d_bias}, shape.sequences.rows(), 3 * hidden_size(shape), args.partials,
                    args.stochastic, [&](RowBlock rows) { split_rows_backward(args, rows); });
}

/// copy(packed offset, offset by head) for each head_dim elements of [rows, hidden].
template <class Copy>
static void copy_heads(const HeadShape& shape, const Copy& copy) {
  const int64_t hidden = hidden_size(shape);
  parallel_for(shape.sequences.rows(), hidden, [&](int64_t begin, int64_t end) {
    RowCursor cursor(shape.sequences, begin);
    for (int64_t row = begin; row < end; ++row, cursor.advance()) {
      const HeadOffsets offsets(shape, cursor);
      for (int64_t head = 0; head < shape.heads; ++head) {
        copy(row * hidden + head * shape.head_dim, offsets.at(head));
      }
    }
  });
}

template <class T>
void merge_heads(const MergeHeads<T>& args) {
  copy_heads(args.shape, [&](int64_t packed, int64_t by_head) {
    std::copy_n(args.input + by_head, args.shape.head_dim, args.output + packed);
  });
}

template <class T>
void unmerge_heads(const UnmergeHeads<T>& args) {
  copy_heads(args.shape, [&](int64_t packed, int64_t by_head) {
    std::copy_n(args.input + packed, args.shape.head_dim, args.output + by_head);
  });
}

template void split_heads_forward(const SplitHeadsForward<float>&);
template void split_heads_forward(const SplitHeadsForward<bfloat16>&);
template void split_heads_backward(const SplitHeadsBackward<float>&);
template void split_heads_backward(const SplitHeadsBackward<bfloat16>&);
template void merge_heads(const MergeHeads<float>&);
template void merge_heads(const MergeHeads<bfloat16>&);
template void unmerge_heads(const UnmergeHeads<float>&);
template void unmerge_heads(const UnmergeHeads<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
