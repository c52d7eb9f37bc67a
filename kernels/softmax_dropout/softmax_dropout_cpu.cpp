// P = softmax(scale * scores + mask), dropped = dropout(P), by rows of [batch, heads, S, S]:
//   forward:   max, exp and sum, then normalise, round to T, drop, with the row in cache
//   backward:  dP = dropout(d_dropped);  d_scores = scale * P * (dP - sum(dP * P))
// Parallel over the rows (b, h, s). Only the first `length` columns are computed, the others are
// set to 0. Exponentials wait in a stack buffer; those of a row too long for it are computed twice.
// Bytes moved: forward 3 elements (2 without `dropped`), backward 3. Arithmetic in float.

#include <algorithm>

#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"
#include "kernels/softmax_dropout/softmax_dropout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/softmax_dropout/softmax_dropout_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/dropout-inl.h"
#include "kernels/core/exp-inl.h"
#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

/// A row of [batch, heads, sequence, sequence] and the columns in it that are attended to.
struct AttentionRow {
  int64_t b;
  int64_t head;
  int64_t row;
  int64_t offset;
  int64_t valid;
};

template <class Args>
AttentionRow attention_row(const Args& args, int64_t index) {
  const int64_t sequence = args.sequence;
  const int64_t group = index / sequence;
  const int64_t b = group / args.heads;
  const int64_t length = std::min(args.lengths[b], sequence);
  return {b, group % args.heads, index % sequence, index * sequence,
          length > 0 ? length : sequence};
}

// ---- forward

inline constexpr int64_t kBufferedColumns = 2048;

template <class T>
float scaled_maximum(const T* scores, int64_t columns, float scale) {
  Floats maximum = broadcast(hwy::LowestValue<float>());
  for_each_vector(columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const Floats scaled = hn::Mul(load(scores + i, lanes), broadcast(scale));
    maximum = hn::Max(maximum, only(lanes, scaled, maximum));
  });
  return max_of_lanes(maximum);
}

/// Exponentials of one row relative to its maximum: computed by the pass that sums them, and again
/// for the next where there are too many to wait.
template <class T>
class RowExponentials {
 public:
  RowExponentials(const T* scores, int64_t columns, float scale)
      : scores_(scores),
        buffered_(columns <= kBufferedColumns),
        scale_(scale),
        maximum_(scaled_maximum(scores, columns, scale)) {}

  HWY_INLINE Floats compute(int64_t i, int64_t lanes) {
    const Floats shifted =
        hn::MulSub(load(scores_ + i, lanes), broadcast(scale_), broadcast(maximum_));
    const Floats e = exponential(shifted);
    if (buffered_) store(e, buffer_ + i, lanes);
    return e;
  }

  HWY_INLINE Floats again(int64_t i, int64_t lanes) {
    return buffered_ ? load(buffer_ + i, lanes) : compute(i, lanes);
  }

 private:
  const T* scores_;
  bool buffered_;
  float scale_;
  float maximum_;
  HWY_ALIGN float buffer_[kBufferedColumns];
};

template <class T>
void softmax_row(const SoftmaxDropoutForward<T>& args, const AttentionRow& row,
                 DropoutRows& dropout) {
  RowExponentials<T> exponentials(args.scores + row.offset, row.valid, args.scale);
  Floats sum = zero();
  for_each_vector(row.valid, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    sum = hn::Add(sum, only(lanes, exponentials.compute(i, lanes)));
  });
  const Floats inverse_sum = broadcast(1 / sum_of_lanes(sum));
  T* probabilities = args.probabilities + row.offset;
  if (args.dropped == nullptr) {
    for_each_vector(row.valid, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
      store(hn::Mul(exponentials.again(i, lanes), inverse_sum), probabilities + i, lanes);
    });
    return;
  }
  T* dropped = args.dropped + row.offset;
  const Floats scale = dropout.scale();
  dropout.for_each_vector(row.b, row.head, row.row, row.valid,
                          [&](int64_t i, int64_t lanes, FloatMask drop) BENCH_INLINE_LAMBDA {
                            const Floats p =
                                rounded_to<T>(hn::Mul(exponentials.again(i, lanes), inverse_sum));
                            store_exact(p, probabilities + i, lanes);
                            store(hn::IfThenZeroElse(drop, hn::Mul(p, scale)), dropped + i, lanes);
                          });
}

template <class T>
void softmax_rows(const SoftmaxDropoutForward<T>& args, RowBlock rows) {
  DropoutRows dropout(args.stream);
  for (int64_t index = rows.begin; index < rows.end; ++index) {
    const AttentionRow row = attention_row(args, index);
    softmax_row(args, row, dropout);
    const int64_t masked = args.sequence - row.valid;
    std::fill_n(args.probabilities + row.offset + row.valid, masked, T{});
    if (args.dropped != nullptr) std::fill_n(args.dropped + row.offset + row.valid, masked, T{});
  }
}

// ---- backward

/// The kept gradients pass through d_scores on their way to the second step: they are values of T,
/// so nothing is lost, and the bits are generated once.
template <class T>
void softmax_row_backward(const SoftmaxDropoutBackward<T>& args, const AttentionRow& row,
                          DropoutRows& dropout) {
  const T* d_dropped = args.d_dropped + row.offset;
  const T* probabilities = args.probabilities + row.offset;
  T* d_scores = args.d_scores + row.offset;
  // 1. What dropout kept, and sum(dP * P) but for dropout's scale.
  Floats products = zero();
  dropout.for_each_vector(row.b, row.head, row.row, row.valid,
                          [&](int64_t i, int64_t lanes, FloatMask drop) BENCH_INLINE_LAMBDA {
                            const Floats kept =
                                hn::IfThenZeroElse(drop, load(d_dropped + i, lanes));
                            products = hn::MulAdd(kept, load(probabilities + i, lanes), products);
                            store_exact(kept, d_scores + i, lanes);
                          });
  // 2. The gradient.
  const Floats mean = broadcast(sum_of_lanes(products));
  const Floats scale = hn::Mul(dropout.scale(), broadcast(args.scale));
  for_each_vector(row.valid, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const Floats scaled = hn::Mul(load(probabilities + i, lanes), scale);
    store(hn::Mul(scaled, hn::Sub(load(d_scores + i, lanes), mean)), d_scores + i, lanes);
  });
}

template <class T>
void softmax_rows_backward(const SoftmaxDropoutBackward<T>& args, RowBlock rows) {
  DropoutRows dropout(args.stream);
  for (int64_t index = rows.begin; index < rows.end; ++index) {
    const AttentionRow row = attention_row(args, index);
    softmax_row_backward(args, row, dropout);
    std::fill_n(args.d_scores + row.offset + row.valid, args.sequence - row.valid, T{});
  }
}

BENCH_INSTANTIATE_ROWS(softmax_rows, SoftmaxDropoutForward)
BENCH_INSTANTIATE_ROWS(softmax_rows_backward, SoftmaxDropoutBackward)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

// ---- launchers

BENCH_DISPATCH_ROWS(softmax_rows, SoftmaxDropoutForward)
BENCH_DISPATCH_ROWS(softmax_rows_backward, SoftmaxDropoutBackward)

template <class T>
void softmax_dropout_forward(const SoftmaxDropoutForward<T>& args) {
  parallel_for(args.batch * args.heads * args.sequence, args.sequence,
               [&](int64_t begin, int64_t end) {
                 softmax_rows(args, {begin, end});
               });
}

template <class T>
void softmax_dropout_backward(const SoftmaxDropoutBackward<T>& args) {
  parallel_for(args.batch * args.heads * args.sequence, args.sequence,
               [&](int64_t begin, int64_t end) {
                 softmax_rows_backward(args, {begin, end});
               });
}

template void softmax_dropout_forward(const SoftmaxDropoutForward<float>&);
template void softmax_dropout_forward(const SoftmaxDropoutForward<bfloat16>&);
template void softmax_dropout_backward(const SoftmaxDropoutBackward<float>&);
template void softmax_dropout_backward(const SoftmaxDropoutBackward<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
