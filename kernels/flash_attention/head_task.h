#pragma once

#include <algorithm>
#include <cstdint>

#include <omp.h>

#include "kernels/core/bfloat16.h"
#include "kernels/core/gemm_tile/level.h"
#include "kernels/core/gemm_tile/micro_kernel.h"
#include "kernels/flash_attention/flash_attention.h"

namespace kernels::flash_attention {

/// Query rows that are in scratch at a time: whole tiles of every instruction set, and as many
/// steps of the products that sum over them for pairs as for floats. The bits of gradients depend
/// on it, so it must not depend on a sequence's rows.
template <class Element>
inline constexpr int64_t kBlockRows = sizeof(Element) < sizeof(float) ? 96 : 48;

/// One sequence and head.
struct HeadTask {
  int64_t b;
  int64_t head;
  int64_t first_row;  ///< of the sequence
  int64_t rows;       ///< queries
  int64_t keys;       ///< of them, those that take part as keys
};

inline HeadTask head_task(const AttentionRows& rows, int64_t b, int64_t head) {
  const int64_t first = rows.offsets[b];
  const int64_t count = rows.offsets[b + 1] - first;
  const int64_t length = rows.lengths[b];
  return {b, head, first, count, length > 0 ? std::min(length, count) : count};
}

inline int64_t longest_rows(const AttentionRows& rows) {
  int64_t longest = 0;
  for (int64_t b = 0; b < rows.batch; ++b) {
    longest = std::max(longest, rows.offsets[b + 1] - rows.offsets[b]);
  }
  return longest;
}

/// The kernel for tensors of T: pairs of bfloat16 where the machine multiplies them, else float.
template <class T>
const MicroKernel& attention_kernel() {
  const GemmLevel level = gemm_level();
  const bool pairs = sizeof(T) < sizeof(float) && level >= GemmLevel::kAvx512Bf16;
  return pairs ? micro_kernel<bfloat16>(level) : micro_kernel<float>(level);
}

inline int threads_for_tasks(int threads, int64_t tasks) {
  const int most = threads > 0 ? threads : omp_get_max_threads();
  return static_cast<int>(std::clamp<int64_t>(tasks, 1, most));
}

/// run(task, thread) for every task in [0, tasks).
template <class Run>
void for_each_task(int64_t tasks, int threads, const Run& run) {
  if (threads == 1) {
    for (int64_t task = 0; task < tasks; ++task) run(task, 0);
    return;
  }
#pragma omp parallel for num_threads(threads) schedule(dynamic)
  for (int64_t task = 0; task < tasks; ++task) run(task, omp_get_thread_num());
}

}  // namespace kernels::flash_attention
