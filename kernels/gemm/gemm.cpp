#include "kernels/gemm/gemm.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <omp.h>

#include "kernels/core/gemm_tile/micro_kernel.h"
#include "kernels/gemm/blocking.h"

namespace kernels {
namespace {

/// An operand as the kernels see it: `rows` of op(A) or columns of op(B) are items.
struct View {
  const char* data;
  int64_t item_stride;  ///< bytes
  int64_t k_stride;     ///< bytes
};

template <class T>
View view(const GemmOperand<T>& operand, bool items_are_rows, int64_t outer, int64_t inner) {
  const int64_t element = sizeof(T);
  const int64_t row = operand.row_stride * element;
  const T* data = operand.data + outer * operand.outer_stride + inner * operand.inner_stride;
  const auto* bytes = reinterpret_cast<const char*>(data);
  if (items_are_rows) return {bytes, row, element};
  return {bytes, element, row};
}

/// One matrix of the batch, in one thread's hands.
template <class T>
class Task {
 public:
  Task(const Gemm<T>& args, const Blocking& cut, const MicroKernel& kernel, char* workspace)
      : args_(args),
        cut_(cut),
        kernel_(kernel),
        b_(workspace),
        a_(workspace + cut.b_bytes),
        partial_(reinterpret_cast<float*>(workspace + cut.b_bytes + cut.a_bytes)) {}

  /// Task `index` of batch * chunks * row_tasks, rows running fastest.
  void run(int64_t index) {
    const int64_t row = index % cut_.row_tasks * cut_.task_rows;
    index /= cut_.row_tasks;
    const int64_t column = index % cut_.chunks * cut_.chunk;
    index /= cut_.chunks;
    block_ = {index / args_.inner,
              index % args_.inner,
              row,
              std::min(cut_.task_rows, args_.m - row),
              column,
              std::min(cut_.chunk, args_.n - column)};
    view_a_ = view(args_.a, args_.a.op == GemmOp::kNone, block_.outer, block_.inner);
    view_b_ = view(args_.b, args_.b.op == GemmOp::kTranspose, block_.outer, block_.inner);
    for (first_k_ = 0; first_k_ < args_.k; first_k_ += cut_.k_span) run_span();
  }

 private:
  /// The part of k that tiles sum in one go.
  struct KBlock {
    int64_t index;  ///< in the span
    int64_t first;  ///< in the span
    int64_t k;
    bool is_first;  ///< of all
    bool is_last;
  };

  int64_t span_k() const { return std::min(cut_.k_span, args_.k - first_k_); }

  template <class Visit>
  void for_each_k_block(const Visit& visit) {
    const int64_t all = span_k();
    for (int64_t first = 0; first < all; first += cut_.k_block) {
      const int64_t k = std::min(cut_.k_block, all - first);
      visit(KBlock{first / cut_.k_block, first, k, first_k_ + first == 0,
                   first_k_ + first + k == args_.k});
    }
  }

  void run_span() {
    const char* b =
        view_b_.data + block_.column * view_b_.item_stride + first_k_ * view_b_.k_stride;
    for_each_k_block([&](const KBlock& block) {
      kernel_.pack({b + block.first * view_b_.k_stride, view_b_.item_stride, view_b_.k_stride,
                    block_.columns, block.k, kernel_.columns, kernel_.lanes, cut_.b_panel_bytes,
                    b_ + block.index * cut_.b_block_bytes});
    });
    for (int64_t row = 0; row < block_.rows; row += cut_.row_block) {
      run_rows(row, std::min(cut_.row_block, block_.rows - row));
    }
  }

  void run_rows(int64_t first, int64_t rows) {
    const char* a =
        view_a_.data + (block_.row + first) * view_a_.item_stride + first_k_ * view_a_.k_stride;
    if (cut_.packs_a) pack_rows(a, rows);
    for (int64_t row = 0; row < rows; row += kernel_.rows) {
      for_each_k_block([&](const KBlock& block) {
        TileArgs tile = make_tile(std::min(kernel_.rows, rows - row), block);
        tile.a = cut_.packs_a ? a_ + block.index * cut_.a_block_bytes +
                                    row / kernel_.rows * cut_.a_panel_bytes
                              : a + row * view_a_.item_stride + block.first * view_a_.k_stride;
        if (!cut_.packs_a && block_.columns <= kFewColumns) tile.ahead = next_rows(tile);
        run_panels(tile, first + row, block);
      });
    }
    const bool is_last = first_k_ + cut_.k_span >= args_.k;
    if (is_last && args_.epilogue.call != nullptr) {
      args_.epilogue.call(args_.epilogue.context, {block_.outer, block_.inner, block_.row + first,
                                                   rows, block_.column, block_.columns});
    }
  }

  void pack_rows(const char* a, int64_t rows) {
    for_each_k_block([&](const KBlock& block) {
      kernel_.pack_a({a + block.first * view_a_.k_stride, view_a_.item_stride, view_a_.k_stride,
                      rows, block.k, kernel_.rows, kernel_.row_pitch, cut_.a_panel_bytes,
                      a_ + block.index * cut_.a_block_bytes});
    });
  }

  /// What all tiles of a strip and k block have in common.
  TileArgs make_tile(int64_t rows, const KBlock& block) const {
    TileArgs tile = {};
    tile.rows = rows;
    tile.steps = (block.k + kernel_.k_per_step - 1) / kernel_.k_per_step;
    tile.a_row_stride = kStepBytes;
    tile.a_step_stride = kernel_.row_pitch * kStepBytes;
    if (kernel_.a_by_rows) tile.a_row_stride = kernel_.step_granule * kStepBytes;
    if (!cut_.packs_a) {
      tile.steps = block.k / kernel_.k_per_step;
      tile.half_step = block.k % kernel_.k_per_step != 0;
      tile.a_row_stride = view_a_.item_stride;
      tile.a_step_stride = view_a_.k_stride * kernel_.k_per_step;
    }
    tile.partial_stride = cut_.partial_pitch;
    tile.c_row_stride = args_.c_row_stride * static_cast<int64_t>(sizeof(T));
    tile.alpha = args_.alpha;
    tile.beta = block.is_first || cut_.has_partial ? args_.beta : 1;
    return tile;
  }

  /// The rows of A below the tile's, which hardware does not foresee: they are short, and so far
  /// apart that they lie in different pages. In a transposed A, the line beside the tile's.
  Ahead next_rows(const TileArgs& tile) const {
    constexpr int64_t kAheadSteps = 16;
    constexpr int64_t kLine = 64;
    if (args_.a.op == GemmOp::kNone) {
      return {tile.a + kernel_.rows * tile.a_row_stride, kernel_.rows, tile.a_row_stride, kLine};
    }
    return {tile.a + kLine, kAheadSteps, tile.a_step_stride, kAheadSteps * tile.a_step_stride};
  }

  /// A strip of the kernel's rows against all panels of the chunk; `row` counts in the task.
  void run_panels(TileArgs& tile, int64_t row, const KBlock& block) const {
    T* c = args_.c + block_.outer * args_.c_outer_stride + block_.inner * args_.c_inner_stride +
           (block_.row + row) * args_.c_row_stride + block_.column;
    for (int64_t column = 0; column < block_.columns; column += kernel_.columns) {
      if (column > 0) tile.ahead = {};
      tile.b =
          b_ + block.index * cut_.b_block_bytes + column / kernel_.columns * cut_.b_panel_bytes;
      tile.columns = std::min(kernel_.columns, block_.columns - column);
      tile.c = reinterpret_cast<char*>(c + column);
      if (cut_.has_partial) {
        float* partial = partial_ + row % cut_.partial_rows * cut_.partial_pitch + column;
        tile.addend = block.is_first ? nullptr : partial;
        tile.partial = block.is_last ? nullptr : partial;
      }
      kernel_.tile(tile);
    }
  }

  static constexpr int64_t kStepBytes = 4;
  /// Rows of A that meet no more columns than these are gone before the next ones have come.
  static constexpr int64_t kFewColumns = 128;

  const Gemm<T>& args_;
  const Blocking& cut_;
  const MicroKernel& kernel_;
  char* b_;
  char* a_;
  float* partial_;
  GemmBlock block_ = {};
  View view_a_ = {};
  View view_b_ = {};
  int64_t first_k_ = 0;  ///< of the span
};

template <class T>
bool reads_operands(const Gemm<T>& args) {
  return args.k > 0 && args.alpha != 0;
}

template <class T>
bool is_empty(const Gemm<T>& args) {
  return args.m == 0 || args.n == 0 || args.outer == 0 || args.inner == 0;
}

void require(bool condition, const char* message) {
  if (!condition) throw std::invalid_argument(std::string("gemm: ") + message);
}

template <class T>
void check(const Gemm<T>& args) {
  require(args.m >= 0 && args.n >= 0 && args.k >= 0, "m, n and k must not be negative");
  require(args.outer >= 0 && args.inner >= 0, "outer and inner must not be negative");
  if (is_empty(args)) return;
  require(args.c != nullptr, "c is null");
  require(args.c_row_stride >= args.n, "c_row_stride is less than n");
  if (!reads_operands(args)) return;
  const bool a_rows = args.a.op == GemmOp::kNone;
  const bool b_rows = args.b.op == GemmOp::kNone;
  require(args.a.data != nullptr, "a is null");
  require(args.b.data != nullptr, "b is null");
  require(args.a.row_stride >= (a_rows ? args.k : args.m), "a's row_stride is less than its row");
  require(args.b.row_stride >= (b_rows ? args.n : args.k), "b's row_stride is less than its row");
  require(args.workspace != nullptr, "workspace is null");
}

void assign(float& to, float value) {
  to = value;
}
void assign(bfloat16& to, float value) {
  to = to_bfloat16(value);
}

/// C = beta * C, and the epilogue for whole matrices.
template <class T>
void scale(const Gemm<T>& args) {
  for (int64_t outer = 0; outer < args.outer; ++outer) {
    for (int64_t inner = 0; inner < args.inner; ++inner) {
      T* c = args.c + outer * args.c_outer_stride + inner * args.c_inner_stride;
      for (int64_t row = 0; row < args.m; ++row, c += args.c_row_stride) {
        for (int64_t column = 0; column < args.n; ++column) {
          assign(c[column], args.beta == 0 ? 0 : args.beta * to_float(c[column]));
        }
      }
      if (args.epilogue.call != nullptr) {
        args.epilogue.call(args.epilogue.context, {outer, inner, 0, args.m, 0, args.n});
      }
    }
  }
}

}  // namespace

template <class T>
int64_t gemm_workspace_bytes(const Gemm<T>& args) {
  if (is_empty(args) || !reads_operands(args)) return 0;
  const Blocking cut = make_blocking(args, micro_kernel<T>(gemm_level()));
  return cut.threads * cut.thread_bytes();
}

template <class T>
void gemm(const Gemm<T>& args) {
  check(args);
  if (is_empty(args)) return;
  if (!reads_operands(args)) {
    scale(args);
    return;
  }
  const MicroKernel& kernel = micro_kernel<T>(gemm_level());
  const Blocking cut = make_blocking(args, kernel);
  const int64_t tasks = args.outer * args.inner * cut.chunks * cut.row_tasks;
  auto* workspace = static_cast<char*>(args.workspace);
  if (cut.threads == 1) {
    const MicroKernelUse use(kernel);
    Task<T> task(args, cut, kernel, workspace);
    for (int64_t index = 0; index < tasks; ++index) task.run(index);
    return;
  }
#pragma omp parallel num_threads(cut.threads)
  {
    const MicroKernelUse use(kernel);
    Task<T> task(args, cut, kernel, workspace + omp_get_thread_num() * cut.thread_bytes());
#pragma omp for schedule(dynamic)
    for (int64_t index = 0; index < tasks; ++index) task.run(index);
  }
}

template int64_t gemm_workspace_bytes(const Gemm<float>& args);
template int64_t gemm_workspace_bytes(const Gemm<bfloat16>& args);
template void gemm(const Gemm<float>& args);
template void gemm(const Gemm<bfloat16>& args);

}  // namespace kernels
