#include "kernels/gemm/blocking.h"

#include <algorithm>

#include <omp.h>

namespace kernels {
namespace {

constexpr int64_t kStepBytes = 4;
/// Half of a 1 MiB second-level cache for the packed block of B; the rest is for A and C. With
/// three quarters a Zen 5, which multiplies twice as fast as a Zen 4, waits for what fell out.
constexpr int64_t kPanelBytes = 512 * 1024;
/// Where A is packed for every chunk of columns, wider chunks gain more than B loses by going
/// through the third-level cache.
constexpr int64_t kPanelBytesPackedA = 1024 * 1024;
/// bfloat16 is summed in registers over this many steps rather than through scratch.
constexpr int64_t kUnsplitSteps = 2048;
/// Rows that are finished before the epilogue sees them, where A is not packed.
constexpr int64_t kRowBlock = 192;
/// How much of a transposed A is packed at a time: its rows lie side by side in lines of memory,
/// which are read whole. Others are packed a strip at a time.
constexpr int64_t kPackedRowBytes = 512 * 1024;
/// Packing a transposed A pays from this many columns on.
constexpr int64_t kPackColumns = 128;
/// Rows of scratch: 2 MiB with a chunk of 512 columns.
constexpr int64_t kPartialRows = 1024;
/// A task of fewer rows packs B too often; far fewer are worse than an idle thread.
constexpr int64_t kTaskRows = 384;
constexpr int64_t kLeastTaskRows = 96;
constexpr int64_t kTasksPerThread = 4;
/// Multiplications and additions below which threads cost more than they gain.
constexpr double kFlopsForThreads = 2e6;
constexpr int64_t kAlignment = 64;

int64_t divide_up(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}
int64_t round_up(int64_t a, int64_t b) {
  return divide_up(a, b) * b;
}

void cut_k(Blocking& cut, int64_t k, bool narrow, const MicroKernel& kernel) {
  const int64_t steps = divide_up(k, kernel.k_per_step);
  const int64_t limit = narrow && !cut.packs_a ? kUnsplitSteps : kernel.block_steps;
  const int64_t block_steps =
      round_up(divide_up(steps, divide_up(steps, limit)), kernel.step_granule);
  cut.k_block = block_steps * kernel.k_per_step;
  const int64_t blocks = divide_up(k, cut.k_block);
  cut.k_span = cut.k_block * divide_up(blocks, divide_up(blocks, kernel.span_blocks));
  cut.k_spans = divide_up(k, cut.k_span);
  cut.has_partial = narrow && blocks > 1;
}

void cut_columns(Blocking& cut, int64_t n, const MicroKernel& kernel) {
  const int64_t steps = divide_up(cut.k_span, kernel.k_per_step);
  const int64_t bytes = cut.packs_a ? kPanelBytesPackedA : kPanelBytes;
  const int64_t fits = bytes / (steps * kStepBytes) / kernel.columns * kernel.columns;
  const int64_t chunks = divide_up(n, std::max(fits, kernel.columns));
  cut.chunk = round_up(divide_up(n, chunks), kernel.lanes);
  cut.chunks = divide_up(n, cut.chunk);
}

/// How many parts of the rows give `threads` threads even work, where there are `tasks` chunks of
/// columns and matrices already: many tasks, or a multiple of the threads.
int64_t row_parts(int64_t m, int64_t tasks, int64_t threads) {
  if (threads == 1) return 1;
  const int64_t plenty = threads * kTasksPerThread;
  int64_t parts = std::min(divide_up(plenty, tasks), divide_up(m, kTaskRows));
  const int64_t most = divide_up(m, kLeastTaskRows);
  while (parts < most && tasks * parts < plenty && tasks * parts % threads != 0) ++parts;
  return parts;
}

/// Strips of the kernel's rows that are packed, or meet the chunk, one after the other.
int64_t strips_of_block(const Blocking& cut, bool transposed, const MicroKernel& kernel) {
  if (!cut.packs_a) return kRowBlock / kernel.rows;
  if (!transposed && kernel.a_by_rows) return 1;
  const int64_t steps = divide_up(cut.k_span, kernel.k_per_step);
  return std::max<int64_t>(kPackedRowBytes / (kernel.row_pitch * steps * kStepBytes), 1);
}

void cut_rows(Blocking& cut, int64_t m, bool transposed, int64_t tasks, const MicroKernel& kernel) {
  int64_t parts = row_parts(m, tasks, cut.threads);
  if (cut.has_partial && cut.k_spans > 1) parts = std::max(parts, divide_up(m, kPartialRows));
  cut.task_rows = round_up(divide_up(m, parts), kernel.rows);
  cut.row_tasks = divide_up(m, cut.task_rows);
  cut.row_block = std::min(cut.task_rows, strips_of_block(cut, transposed, kernel) * kernel.rows);
}

/// So that panels and rows written side by side do not share cache sets.
int64_t odd_lines(int64_t bytes) {
  return (divide_up(bytes, kAlignment) | 1) * kAlignment;
}

void size_workspace(Blocking& cut, const MicroKernel& kernel) {
  constexpr int64_t kFloat = sizeof(float);
  const int64_t step_bytes = divide_up(cut.k_block, kernel.k_per_step) * kStepBytes;
  const int64_t span_blocks = cut.k_span / cut.k_block;
  cut.b_panel_bytes = kernel.columns * step_bytes;
  cut.b_block_bytes = round_up(cut.chunk * step_bytes, kAlignment);
  cut.b_bytes = span_blocks * cut.b_block_bytes;
  cut.a_panel_bytes = odd_lines(kernel.row_pitch * step_bytes);
  cut.a_block_bytes = cut.row_block / kernel.rows * cut.a_panel_bytes;
  cut.a_bytes = cut.packs_a ? span_blocks * cut.a_block_bytes : 0;
  cut.partial_rows = cut.k_spans > 1 ? cut.task_rows : kernel.rows;
  cut.partial_pitch = odd_lines(cut.chunk * kFloat) / kFloat;
  cut.partial_bytes = cut.has_partial ? cut.partial_rows * cut.partial_pitch * kFloat : 0;
}

}  // namespace

template <class T>
Blocking make_blocking(const Gemm<T>& args, const MicroKernel& kernel) {
  Blocking cut = {};
  const bool transposed = args.a.op == GemmOp::kTranspose;
  const bool readable = transposed ? kernel.reads_columns : kernel.reads_rows;
  cut.packs_a = !readable || (transposed && args.n >= kPackColumns);
  cut_k(cut, args.k, sizeof(T) < sizeof(float), kernel);
  cut_columns(cut, args.n, kernel);
  const double flops = 2.0 * static_cast<double>(args.m) * static_cast<double>(args.n) *
                       static_cast<double>(args.k) * static_cast<double>(args.outer * args.inner);
  const int threads = args.threads > 0 ? args.threads : omp_get_max_threads();
  cut.threads = flops < kFlopsForThreads ? 1 : threads;
  const int64_t tasks = args.outer * args.inner * cut.chunks;
  cut_rows(cut, args.m, transposed, tasks, kernel);
  cut.threads = static_cast<int>(std::min<int64_t>(cut.threads, tasks * cut.row_tasks));
  size_workspace(cut, kernel);
  return cut;
}

template Blocking make_blocking(const Gemm<float>& args, const MicroKernel& kernel);
template Blocking make_blocking(const Gemm<bfloat16>& args, const MicroKernel& kernel);

}  // namespace kernels
