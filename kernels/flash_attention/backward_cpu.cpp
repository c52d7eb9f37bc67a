// One task: a head of one sequence. k and v are packed once; then for blocks of query rows
//   scores = q k^T, dP = d_context v^T
//   scores -> dropout(P), dP -> dS, the exponentials and bits computed again
//   dv += dropout(P)^T d_context, dk += dS^T q, dq = dS k
// with dk and dv in float scratch. Dropout's scale and the scores' are multiplied in at the end.

#include "kernels/core/column_sums.h"
#include "kernels/core/dropout_bits.h"
#include "kernels/core/simd.h"
#include "kernels/flash_attention/flash_attention.h"
#include "kernels/flash_attention/head_task.h"
#include "kernels/flash_attention/panels.h"
#include "kernels/flash_attention/scratch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/flash_attention/backward_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/vector-inl.h"
#include "kernels/flash_attention/head_rows-inl.h"
#include "kernels/flash_attention/score_gradients-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

using flash_attention::BackwardScratch;
using flash_attention::HeadTask;
using flash_attention::kBlockRows;
using flash_attention::Panels;

template <class T, class Element>
class BackwardTask {
 public:
  /// `partial`: the row of column sums that the task adds to.
  BackwardTask(const FlashAttentionBackward<T>& args, const MicroKernel& kernel,
               const HeadTask& task, const BackwardScratch<Element>& scratch, float* partial)
      : args_(args),
        kernel_(kernel),
        task_(task),
        scratch_(scratch),
        partial_(partial),
        gradients_(args.stream, task.b, task.head, task.keys, args.scale),
        keep_scale_(static_cast<float>(dropout_scale(args.stream.probability))) {}

  void run() {
    read(1, 0, task_.keys, scratch_.rows);
    k_transposed_ =
        pack_transposed(kernel_, scratch_.rows, task_.keys, head_dim(), scratch_.k_transposed);
    k_ = pack(kernel_, scratch_.rows, head_dim(), task_.keys, scratch_.k);
    read(2, 0, task_.keys, scratch_.rows);
    v_transposed_ =
        pack_transposed(kernel_, scratch_.rows, task_.keys, head_dim(), scratch_.v_transposed);
    for (int64_t row = 0; row < task_.rows; row += kBlockRows<Element>) {
      run_block(row, std::min(kBlockRows<Element>, task_.rows - row));
    }
    write(1, 0, task_.keys, scratch_.d_k, args_.scale);
    write(2, 0, task_.keys, scratch_.d_v, keep_scale_);
    clear_masked(1);
    clear_masked(2);
  }

 private:
  int64_t head_dim() const { return args_.rows.head_dim; }
  int64_t hidden() const { return args_.rows.heads * head_dim(); }
  int64_t column(int64_t part) const { return part * hidden() + task_.head * head_dim(); }

  /// q (part 0), k (1) or v (2) with bias.
  void read(int64_t part, int64_t row, int64_t rows, const Rows<Element>& to) {
    const int64_t pitch = 3 * hidden();
    read_rows<T, Element>({args_.qkv + (task_.first_row + row) * pitch + column(part), pitch},
                          args_.bias + column(part), rows, head_dim(), to);
  }

  void write(int64_t part, int64_t row, int64_t rows, const Rows<float>& from, float factor) {
    const int64_t pitch = 3 * hidden();
    write_rows<T>(from, factor, rows, head_dim(),
                  {args_.d_qkv + (task_.first_row + row) * pitch + column(part), pitch},
                  partial_ + column(part));
  }

  void clear_masked(int64_t part) {
    for (int64_t row = task_.keys; row < task_.rows; ++row) {
      std::fill_n(args_.d_qkv + (task_.first_row + row) * 3 * hidden() + column(part), head_dim(),
                  T{});
    }
  }

  /// Gathers a block of q and d_context, their panels and the rows' statistics.
  void read_block(int64_t first, int64_t rows) {
    const int64_t total = args_.rows.offsets[args_.rows.batch];
    const int64_t offset = (task_.first_row + first) * hidden() + task_.head * head_dim();
    const T* d_context = args_.d_context + offset;
    const T* context = args_.context + offset;
    read(0, first, rows, scratch_.q);
    read_rows<T, Element>({d_context, hidden()}, nullptr, rows, head_dim(), scratch_.d_context);
    q_ = pack(kernel_, scratch_.q, head_dim(), rows, scratch_.q_panels);
    d_context_ = pack(kernel_, scratch_.d_context, head_dim(), rows, scratch_.d_context_panels);
    const float* log_sum_exp = args_.log_sum_exp + task_.head * total + task_.first_row + first;
    std::copy_n(log_sum_exp, rows, scratch_.log_sum_exp);
    for (int64_t row = 0; row < rows; ++row) {
      scratch_.mean[row] = dot(d_context + row * hidden(), context + row * hidden(), head_dim());
    }
  }

  void run_block(int64_t first, int64_t rows) {
    read_block(first, rows);
    // Pairs take an even number of rows; the probabilities of one more are 0.
    const int64_t whole = flash_attention::round_up(rows, kernel_.k_per_step);
    if (whole > rows) {
      std::fill_n(scratch_.q.data + rows * scratch_.q.pitch, scratch_.q.pitch, Element{});
      std::fill_n(scratch_.d_context.data + rows * scratch_.d_context.pitch,
                  scratch_.d_context.pitch, Element{});
      scratch_.log_sum_exp[rows] = std::numeric_limits<float>::infinity();
      scratch_.mean[rows] = 0;
    }
    multiply(kernel_, by_rows(scratch_.q, whole), k_transposed_, scratch_.scores);
    multiply(kernel_, by_rows(scratch_.d_context, whole), v_transposed_, scratch_.d_scores);
    gradients_.run(scratch_, first, whole);
    const bool accumulate = first > 0;
    const int64_t step_bytes =
        scratch_.scores.pitch * kernel_.k_per_step * static_cast<int64_t>(sizeof(float));
    multiply(kernel_, flash_attention::by_steps(scratch_.scores.data, task_.keys, step_bytes),
             d_context_, scratch_.d_v, accumulate);
    multiply(kernel_, flash_attention::by_steps(scratch_.d_scores.data, task_.keys, step_bytes), q_,
             scratch_.d_k, accumulate);
    multiply(kernel_, gradients_.d_scores_by_rows(scratch_, rows), k_, scratch_.d_q);
    write(0, first, rows, scratch_.d_q, args_.scale);
  }

  const FlashAttentionBackward<T>& args_;
  const MicroKernel& kernel_;
  const HeadTask& task_;
  const BackwardScratch<Element>& scratch_;
  float* partial_;
  ScoreGradients<Element> gradients_;
  float keep_scale_;
  Panels k_transposed_{};
  Panels k_{};
  Panels v_transposed_{};
  Panels q_{};
  Panels d_context_{};
};

template <class T, class Element>
void backward(const FlashAttentionBackward<T>& args, const MicroKernel& kernel,
              const HeadTask& task, void* workspace, float* partial) {
  const MicroKernelUse use(kernel);
  flash_attention::Arena arena(workspace);
  const BackwardScratch<Element> scratch(arena, kernel, task.keys, args.rows.head_dim);
  BackwardTask<T, Element>(args, kernel, task, scratch, partial).run();
}

void backward_float(const FlashAttentionBackward<float>& args, const MicroKernel& kernel,
                    const HeadTask& task, void* workspace, float* partial) {
  backward<float, float>(args, kernel, task, workspace, partial);
}

void backward_bfloat16(const FlashAttentionBackward<bfloat16>& args, const MicroKernel& kernel,
                       const HeadTask& task, void* workspace, float* partial) {
  if (kernel.k_per_step == 2) {
    backward<bfloat16, bfloat16>(args, kernel, task, workspace, partial);
  } else {
    backward<bfloat16, float>(args, kernel, task, workspace, partial);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

HWY_EXPORT(backward_float);
HWY_EXPORT(backward_bfloat16);

namespace {

void run_backward(const FlashAttentionBackward<float>& args, const MicroKernel& kernel,
                  const flash_attention::HeadTask& task, void* workspace, float* partial) {
  HWY_DYNAMIC_DISPATCH(backward_float)(args, kernel, task, workspace, partial);
}
void run_backward(const FlashAttentionBackward<bfloat16>& args, const MicroKernel& kernel,
                  const flash_attention::HeadTask& task, void* workspace, float* partial) {
  HWY_DYNAMIC_DISPATCH(backward_bfloat16)(args, kernel, task, workspace, partial);
}

int64_t thread_bytes(const AttentionRows& rows, const MicroKernel& kernel) {
  flash_attention::Arena arena(nullptr);
  const int64_t keys = flash_attention::longest_rows(rows);
  if (kernel.k_per_step == 2) {
    flash_attention::BackwardScratch<bfloat16>(arena, kernel, keys, rows.head_dim);
  } else {
    flash_attention::BackwardScratch<float>(arena, kernel, keys, rows.head_dim);
  }
  return arena.used();
}

/// Sequences go into this many groups, each with a row of column sums; a task is a head of a
/// group's sequences, in order.
int64_t sequence_groups(const AttentionRows& rows) {
  return std::min(kColumnBlocks, rows.batch);
}

}  // namespace

template <class T>
int64_t flash_attention_backward_workspace_bytes(const AttentionRows& rows, int threads) {
  const int64_t bytes = thread_bytes(rows, flash_attention::attention_kernel<T>());
  return bytes * flash_attention::threads_for_tasks(threads, sequence_groups(rows) * rows.heads);
}

template <class T>
void flash_attention_backward(const FlashAttentionBackward<T>& args) {
  const AttentionRows& rows = args.rows;
  const MicroKernel& kernel = flash_attention::attention_kernel<T>();
  const int64_t bytes = thread_bytes(rows, kernel);
  const int64_t groups = sequence_groups(rows);
  const int64_t hidden = rows.heads * rows.head_dim;
  const int threads = flash_attention::threads_for_tasks(args.threads, groups * rows.heads);
  flash_attention::for_each_task(groups * rows.heads, threads, [&](int64_t index, int64_t thread) {
    const int64_t group = index / rows.heads;
    const int64_t head = index % rows.heads;
    float* partial = args.partials + group * 3 * hidden;
    for (int64_t part = 0; part < 3; ++part) {
      std::fill_n(partial + part * hidden + head * rows.head_dim, rows.head_dim, 0.0F);
    }
    for (int64_t b = rows.batch * group / groups; b < rows.batch * (group + 1) / groups; ++b) {
      run_backward(args, kernel, flash_attention::head_task(rows, b, head),
                   static_cast<char*>(args.workspace) + thread * bytes, partial);
    }
  });
  store_column_sums(args.d_bias, {args.partials, groups}, 0, 3 * hidden, 0, 3 * hidden);
}

template int64_t flash_attention_backward_workspace_bytes<float>(const AttentionRows&, int);
template int64_t flash_attention_backward_workspace_bytes<bfloat16>(const AttentionRows&, int);
template void flash_attention_backward(const FlashAttentionBackward<float>&);
template void flash_attention_backward(const FlashAttentionBackward<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
