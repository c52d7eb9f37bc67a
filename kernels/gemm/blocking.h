#pragma once

#include <cstdint>

#include "kernels/core/gemm_tile/micro_kernel.h"
#include "kernels/gemm/gemm.h"

namespace kernels {

/// How a product is cut. A task is a chunk of columns and a range of rows of one matrix of the
/// batch; it runs over k in spans, and keeps a span of op(B)'s chunk packed in the second-level
/// cache while it walks the rows. A is read as it lies where the kernel can, or packed by blocks of
/// rows. A strip of rows meets a span in k blocks, as long as what a tile reads of A or B stays in
/// the first-level cache.
struct Blocking {
  int threads;
  int64_t k_block;
  int64_t k_span;  ///< of whole k blocks
  int64_t k_spans;
  int64_t chunk;  ///< columns
  int64_t chunks;
  int64_t task_rows;
  int64_t row_tasks;
  int64_t row_block;
  bool packs_a;
  bool has_partial;  ///< sums of the k blocks go through float scratch: T is narrower than float
  int64_t partial_rows;   ///< a task's, or a strip's where one span is all of k
  int64_t partial_pitch;  ///< floats

  /// Workspace of a thread: B's packed span, then A's, both k block by k block, then the scratch.
  int64_t a_panel_bytes;
  int64_t b_panel_bytes;
  int64_t a_block_bytes;
  int64_t b_block_bytes;
  int64_t b_bytes;
  int64_t a_bytes;
  int64_t partial_bytes;
  int64_t thread_bytes() const { return b_bytes + a_bytes + partial_bytes; }
};

/// For m, n, k > 0. k_block depends on k, A's op and the kernel alone.
template <class T>
Blocking make_blocking(const Gemm<T>& args, const MicroKernel& kernel);

}  // namespace kernels
