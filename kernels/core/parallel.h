#pragma once

#include <algorithm>
#include <cstdint>

#include <omp.h>

namespace kernels {

/// Elements below which a thread more costs more than it gains (starting a parallel region takes
/// 2-3 us, an element some tenths of a nanosecond).
inline constexpr int64_t kElementsPerThread = 16384;

/// Threads for `elements` elements: all or one, because OpenMP runtimes end and start threads when
/// the size of a team changes.
inline int threads_for(int64_t elements) {
  if (elements < 2 * kElementsPerThread || omp_in_parallel()) return 1;
  return omp_get_max_threads();
}

/// Calls body(begin, end) with [0, count) split into one contiguous range a thread. Each of the
/// `count` items is `item_elements` elements of work.
template <class Body>
void parallel_for(int64_t count, int64_t item_elements, const Body& body) {
  if (count <= 0) return;
  const int threads = threads_for(count * item_elements);
  if (threads == 1) {
    body(int64_t{0}, count);
    return;
  }
#pragma omp parallel num_threads(threads)
  {
    const int64_t thread = omp_get_thread_num();
    const int64_t team = omp_get_num_threads();
    const int64_t begin = count * thread / team;
    const int64_t end = count * (thread + 1) / team;
    if (begin < end) body(begin, end);
  }
}

}  // namespace kernels
