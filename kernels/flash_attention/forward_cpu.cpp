// One task: a sequence and head. k and v are packed once; then for blocks of query rows
//   scores = q k^T;  exponentials relative to the row's maximum, dropped;  context = them * v / sum
// so a row's softmax is exact, and a block of scores stays in the second-level cache.

#include <cmath>

#include "kernels/core/dropout_bits.h"
#include "kernels/core/simd.h"
#include "kernels/flash_attention/flash_attention.h"
#include "kernels/flash_attention/head_task.h"
#include "kernels/flash_attention/panels.h"
#include "kernels/flash_attention/scratch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/flash_attention/forward_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/vector-inl.h"
#include "kernels/flash_attention/dropout_band-inl.h"
#include "kernels/flash_attention/element_store-inl.h"
#include "kernels/flash_attention/exponential2-inl.h"
#include "kernels/flash_attention/head_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

using flash_attention::ForwardScratch;
using flash_attention::HeadTask;
using flash_attention::kBlockRows;
using flash_attention::Panels;

HWY_INLINE float row_maximum(const float* scores, int64_t keys) {
  Floats maximum = broadcast(hwy::LowestValue<float>());
  for_each_vector(keys, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    maximum = hn::Max(maximum, only(lanes, load_full(scores + i), maximum));
  });
  return max_of_lanes(maximum);
}

/// 2^(scale * scores - maximum) take the scores' place, dropped ones as 0, zeros behind
/// the last. Returns the sum of all.
template <class Element>
HWY_INLINE float exponentials(float* scores, int64_t keys, float scale, float maximum, int64_t row,
                              const DropoutBand<1>& dropout) {
  auto* out = reinterpret_cast<Element*>(scores);
  Floats sum = zero();
  dropout.for_each_vector(
      row, keys, [&](int64_t i, int64_t lanes, const FloatMask(&drop)[1]) BENCH_INLINE_LAMBDA {
        const Floats shifted =
            hn::MulSub(load_full(scores + i), broadcast(scale), broadcast(maximum));
        const Floats e = only(lanes, exponential2<Element>(shifted));
        sum = hn::Add(sum, e);
        store_element(hn::IfThenZeroElse(drop[0], e), out + i);
      });
  return sum_of_lanes(sum);
}

template <class T, class Element>
class ForwardTask {
 public:
  ForwardTask(const FlashAttentionForward<T>& args, const MicroKernel& kernel, const HeadTask& task,
              const ForwardScratch<Element>& scratch)
      : args_(args),
        kernel_(kernel),
        task_(task),
        scratch_(scratch),
        dropout_(args.stream, task.b, task.head),
        scale_(args.scale * kLog2E),
        keep_scale_(static_cast<float>(dropout_scale(args.stream.probability))) {}

  void run() {
    read(1, 0, task_.keys);
    k_ = pack_transposed(kernel_, scratch_.rows, task_.keys, head_dim(), scratch_.k);
    read(2, 0, task_.keys);
    v_ = pack(kernel_, scratch_.rows, head_dim(), task_.keys, scratch_.v);
    for (int64_t row = 0; row < task_.rows; row += kBlockRows<Element>) {
      run_block(row, std::min(kBlockRows<Element>, task_.rows - row));
    }
  }

 private:
  int64_t head_dim() const { return args_.rows.head_dim; }
  int64_t hidden() const { return args_.rows.heads * head_dim(); }

  /// q (part 0), k (1) or v (2) with bias, into scratch.
  void read(int64_t part, int64_t row, int64_t rows) {
    const int64_t column = part * hidden() + task_.head * head_dim();
    const int64_t pitch = 3 * hidden();
    read_rows<T, Element>({args_.qkv + (task_.first_row + row) * pitch + column, pitch},
                          args_.bias + column, rows, head_dim(), scratch_.rows);
  }

  void run_block(int64_t first, int64_t rows) {
    read(0, first, rows);
    multiply(kernel_, by_rows(scratch_.rows, rows), k_, scratch_.scores);
    for (int64_t row = 0; row < rows; ++row) {
      float* scores = scratch_.scores.data + row * scratch_.scores.pitch;
      scratch_.maximum[row] = scale_ * row_maximum(scores, task_.keys);
      scratch_.sum[row] = exponentials<Element>(scores, task_.keys, scale_, scratch_.maximum[row],
                                                first + row, dropout_);
    }
    multiply(kernel_, by_rows(scratch_.scores, rows), v_, scratch_.context);
    write(first, rows);
  }

  void write(int64_t first, int64_t rows) {
    const int64_t total = args_.rows.offsets[args_.rows.batch];
    float* log_sum_exp = args_.log_sum_exp + task_.head * total + task_.first_row + first;
    T* context = args_.context + (task_.first_row + first) * hidden() + task_.head * head_dim();
    for (int64_t row = 0; row < rows; ++row, context += hidden()) {
      log_sum_exp[row] = kLn2 * scratch_.maximum[row] + std::log(scratch_.sum[row]);
      const Floats factor = broadcast(keep_scale_ / scratch_.sum[row]);
      const float* sums = scratch_.context.data + row * scratch_.context.pitch;
      for_each_vector(head_dim(), [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
        store(hn::Mul(load_full(sums + i), factor), context + i, lanes);
      });
    }
  }

  const FlashAttentionForward<T>& args_;
  const MicroKernel& kernel_;
  const HeadTask& task_;
  const ForwardScratch<Element>& scratch_;
  DropoutBand<1> dropout_;
  float scale_;  ///< of scores in the exponents of 2
  float keep_scale_;
  Panels k_{};
  Panels v_{};
};

template <class T, class Element>
void forward(const FlashAttentionForward<T>& args, const MicroKernel& kernel, const HeadTask& task,
             void* workspace) {
  const MicroKernelUse use(kernel);
  flash_attention::Arena arena(workspace);
  const ForwardScratch<Element> scratch(arena, kernel, task.keys, args.rows.head_dim);
  ForwardTask<T, Element>(args, kernel, task, scratch).run();
}

void forward_float(const FlashAttentionForward<float>& args, const MicroKernel& kernel,
                   const HeadTask& task, void* workspace) {
  forward<float, float>(args, kernel, task, workspace);
}

void forward_bfloat16(const FlashAttentionForward<bfloat16>& args, const MicroKernel& kernel,
                      const HeadTask& task, void* workspace) {
  if (kernel.k_per_step == 2) {
    forward<bfloat16, bfloat16>(args, kernel, task, workspace);
  } else {
    forward<bfloat16, float>(args, kernel, task, workspace);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

HWY_EXPORT(forward_float);
HWY_EXPORT(forward_bfloat16);

namespace {

void run_forward(const FlashAttentionForward<float>& args, const MicroKernel& kernel,
                 const flash_attention::HeadTask& task, void* workspace) {
  HWY_DYNAMIC_DISPATCH(forward_float)(args, kernel, task, workspace);
}
void run_forward(const FlashAttentionForward<bfloat16>& args, const MicroKernel& kernel,
                 const flash_attention::HeadTask& task, void* workspace) {
  HWY_DYNAMIC_DISPATCH(forward_bfloat16)(args, kernel, task, workspace);
}

int64_t thread_bytes(const AttentionRows& rows, const MicroKernel& kernel) {
  flash_attention::Arena arena(nullptr);
  const int64_t keys = flash_attention::longest_rows(rows);
  if (kernel.k_per_step == 2) {
    flash_attention::ForwardScratch<bfloat16>(arena, kernel, keys, rows.head_dim);
  } else {
    flash_attention::ForwardScratch<float>(arena, kernel, keys, rows.head_dim);
  }
  return arena.used();
}

}  // namespace

template <class T>
int64_t flash_attention_forward_workspace_bytes(const AttentionRows& rows, int threads) {
  const int64_t bytes = thread_bytes(rows, flash_attention::attention_kernel<T>());
  return bytes * flash_attention::threads_for_tasks(threads, rows.batch * rows.heads);
}

template <class T>
void flash_attention_forward(const FlashAttentionForward<T>& args) {
  const MicroKernel& kernel = flash_attention::attention_kernel<T>();
  const int64_t bytes = thread_bytes(args.rows, kernel);
  const int64_t tasks = args.rows.batch * args.rows.heads;
  const int threads = flash_attention::threads_for_tasks(args.threads, tasks);
  flash_attention::for_each_task(tasks, threads, [&](int64_t index, int64_t thread) {
    const int64_t heads = args.rows.heads;
    run_forward(args, kernel, flash_attention::head_task(args.rows, index / heads, index % heads),
                static_cast<char*>(args.workspace) + thread * bytes);
  });
}

template int64_t flash_attention_forward_workspace_bytes<float>(const AttentionRows&, int);
template int64_t flash_attention_forward_workspace_bytes<bfloat16>(const AttentionRows&, int);
template void flash_attention_forward(const FlashAttentionForward<float>&);
template void flash_attention_forward(const FlashAttentionForward<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
